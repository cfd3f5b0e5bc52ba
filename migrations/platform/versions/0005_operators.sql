CREATE VIEW platform.operator_clinic AS
SELECT c.id, c.code, c.kind, c.name_zh, c.name_ug, c.prefecture_zh, c.county_code, c.county_zh, c.state,
       c.suspended_at, c.suspended_from, c.state_since, c.created_at, r.revision, r.applied_at,
       i.printed_at AS invited_at, i.until AS invited_until, i.used_at AS invitation_used_at
FROM platform.clinic c
LEFT JOIN platform.clinic_revision r ON r.clinic_id = c.id
LEFT JOIN platform.invitation i ON i.clinic_id = c.id
-- next
CREATE FUNCTION platform.operator_of(token bytea)
RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text;
BEGIN
    SELECT o.name INTO who
    FROM platform.operator_session s JOIN platform.operator o ON o.id = s.operator_id
    WHERE s.token_hash = token AND s.stage = 'full' AND s.ended_at IS NULL
      AND s.last_seen > now() - interval '15 minutes' AND s.created_at > now() - interval '10 hours'
      AND o.disabled_at IS NULL AND o.role = 'onboarding';
    IF who IS NULL THEN
        RAISE EXCEPTION 'no live session' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN who;
END
$$
-- next
CREATE FUNCTION platform.operator_move(token bytea, clinic uuid, was text, goes_to text, reason text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
    ends boolean := goes_to IN ('suspended', 'closed');
BEGIN
    UPDATE platform.clinic c
    SET state = goes_to,
        state_since = now(),
        suspended_at = CASE WHEN ends THEN coalesce(c.suspended_at, now()) END,
        suspended_from = CASE WHEN ends THEN coalesce(c.suspended_from, c.state) END
    WHERE c.id = clinic AND c.state = was
      AND (goes_to <> 'closed' OR (was = 'suspended' AND c.suspended_at <= now() - interval '30 days'));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
    VALUES (gen_random_uuid(), clinic,
            CASE WHEN ends THEN 'clinic.' || goes_to
                 WHEN was IN ('suspended', 'closed') THEN 'clinic.resumed' ELSE 'clinic.moved' END,
            who,
            CASE WHEN reason = '' THEN was || ' > ' || goes_to
                 ELSE was || ' > ' || goes_to || ': ' || left(reason, 500) END);
    RETURN true;
END
$$
-- next
CREATE FUNCTION platform.operator_tick(token bytea, clinic uuid, what text, done boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
BEGIN
    IF done THEN
        INSERT INTO platform.clinic_tick (clinic_id, item, operator) VALUES (clinic, left(what, 50), who)
        ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM platform.clinic_tick t WHERE t.clinic_id = clinic AND t.item = what;
    END IF;
    IF FOUND THEN
        INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
        VALUES (gen_random_uuid(), clinic,
                CASE WHEN done THEN 'checklist.ticked' ELSE 'checklist.unticked' END, who, left(what, 50));
    END IF;
END
$$
-- next
CREATE FUNCTION platform.operator_room(token bytea, clinic uuid, rooms text[], room text, is_on boolean)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
    place text;
BEGIN
    -- Only its own go-live list opens that room (rights: family planning is voluntary).
    IF room = 'family_planning' OR 'family_planning' = ANY (rooms) THEN
        RAISE EXCEPTION 'not from here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT 't_' || lpad(number::text, 4, '0') INTO STRICT place FROM platform.clinic c WHERE c.id = clinic;
    EXECUTE format('UPDATE %I.clinic_setting SET rooms = to_jsonb($1), version = version + 1', place)
    USING rooms;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
    VALUES (gen_random_uuid(), clinic, CASE WHEN is_on THEN 'room.on' ELSE 'room.off' END, who, room);
END
$$
-- next
CREATE FUNCTION platform.clinic_facts(clinic uuid)
RETURNS TABLE (sites bigint, people bigint, administrators bigint, administrators_in bigint,
               settings_seen boolean, has_keys boolean, rooms text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    place text;
BEGIN
    SELECT 't_' || lpad(number::text, 4, '0') INTO STRICT place FROM platform.clinic c WHERE c.id = clinic;
    RETURN QUERY EXECUTE format('
        SELECT (SELECT count(*) FROM %1$I.site WHERE closed_at IS NULL),
               (SELECT count(*) FROM %1$I.staff WHERE disabled_at IS NULL),
               (SELECT count(*) FROM %1$I.staff WHERE disabled_at IS NULL AND roles ? ''clinic_admin''),
               (SELECT count(*) FROM %1$I.staff JOIN %1$I.staff_secret ON staff_id = id
                WHERE disabled_at IS NULL AND roles ? ''clinic_admin''
                AND totp_confirmed_at IS NOT NULL AND NOT password_is_temporary),
               version > 1,
               octet_length(wrapped_data_key) > 0 AND octet_length(wrapped_hash_key) > 0,
               ARRAY(SELECT jsonb_array_elements_text(clinic_setting.rooms))
        FROM %1$I.clinic_setting', place);
END
$$
-- next
CREATE FUNCTION platform.operator_invite(token bytea, clinic uuid, hash text, username text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
    there bigint;
BEGIN
    PERFORM FROM platform.clinic c
    WHERE c.id = clinic AND c.state IN ('provisioned', 'configured', 'trained', 'pilot', 'live')
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- Rights N12: only while the clinic has no administrator who can sign in.
    SELECT administrators INTO there FROM platform.clinic_facts(clinic);
    IF there > 0 THEN
        RETURN false;
    END IF;
    INSERT INTO platform.invitation AS i (clinic_id, code_hash, username, until)
    VALUES (clinic, hash, operator_invite.username, now() + interval '7 days')
    ON CONFLICT (clinic_id) DO UPDATE
    SET code_hash = excluded.code_hash, username = excluded.username, printed_at = now(),
        until = excluded.until, used_at = NULL;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator)
    VALUES (gen_random_uuid(), clinic, 'invitation.printed', who);
    RETURN true;
END
$$
-- next
CREATE FUNCTION platform.use_invitation(clinic uuid, hash text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE platform.invitation i SET used_at = now()
    WHERE i.clinic_id = clinic AND i.code_hash = hash AND i.used_at IS NULL AND i.until > now();
    RETURN FOUND;
END
$$
-- next
CREATE FUNCTION platform.operator_steer(token bytea, run uuid, wish text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM platform.operator_of(token);
    UPDATE platform.roster_run r
    SET state = CASE wish WHEN 'start' THEN 'running' ELSE 'stopping' END, failure = '', changed_at = now()
    WHERE r.id = run AND ((wish = 'start' AND r.state IN ('checked', 'stopped', 'failed') AND r.report IS NOT NULL)
                          OR (wish = 'stop' AND r.state = 'running'));
    RETURN FOUND;
END
$$
