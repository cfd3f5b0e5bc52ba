CREATE OR REPLACE VIEW platform.operator_clinic AS
SELECT c.id, c.code, c.kind, c.name_zh, c.name_ug, c.prefecture_zh, c.county_code, c.county_zh, c.state,
       c.suspended_at, c.suspended_from, c.state_since, c.created_at, r.revision, r.applied_at,
       i.printed_at AS invited_at, i.until AS invited_until, i.used_at AS invitation_used_at,
       p.code AS practice_code, s.code AS successor_code, c.cell
FROM platform.clinic c
LEFT JOIN platform.clinic_revision r ON r.clinic_id = c.id
LEFT JOIN platform.invitation i ON i.clinic_id = c.id
LEFT JOIN platform.clinic p ON p.practice_of = c.id
LEFT JOIN platform.clinic s ON s.id = c.successor_id
WHERE c.practice_of IS NULL AND c.removed_at IS NULL
-- next
CREATE OR REPLACE FUNCTION platform.clinic_facts(clinic uuid)
RETURNS TABLE (sites bigint, people bigint, administrators bigint, administrators_in bigint,
               settings_seen boolean, has_keys boolean, rooms text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    place text;
BEGIN
    SELECT 't_' || lpad(number::text, 4, '0') INTO place FROM platform.clinic c
    WHERE c.id = clinic AND c.cell = 'main';
    IF place IS NULL THEN
        RETURN;
    END IF;
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
CREATE OR REPLACE FUNCTION platform.operator_room(token bytea, clinic uuid, rooms text[], room text, is_on boolean)
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
    -- While it moves too: a change of the old copy would be lost.
    SELECT 't_' || lpad(number::text, 4, '0') INTO place FROM platform.clinic c
    WHERE c.id = clinic AND c.cell = 'main' AND c.moving_to IS NULL;
    IF place IS NULL THEN
        RAISE EXCEPTION 'the clinic is not in this database' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format('UPDATE %I.clinic_setting SET rooms = to_jsonb($1), version = version + 1', place)
    USING rooms;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
    VALUES (gen_random_uuid(), clinic, CASE WHEN is_on THEN 'room.on' ELSE 'room.off' END, who, room);
END
$$
-- next
CREATE OR REPLACE FUNCTION platform.operator_invite(token bytea, clinic uuid, hash text, username text)
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
    -- Of a clinic in another cell it is not known, so there is none.
    IF there IS DISTINCT FROM 0 THEN
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
