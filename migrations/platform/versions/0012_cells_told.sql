CREATE FUNCTION platform.place_of(clinic uuid)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    -- The schema of a clinic of this database. In a further cell there is no registry: there the row of its
    -- revision says where it is, and whether it is here.
    SELECT 't_' || lpad(found.number::text, 4, '0') FROM (
        SELECT c.number FROM platform.clinic c WHERE c.id = clinic AND c.cell = 'main'
        UNION ALL
        SELECT r.number FROM platform.clinic_revision r
        WHERE r.clinic_id = clinic AND r.standing = 'here' AND r.number IS NOT NULL
          AND NOT EXISTS (SELECT FROM platform.clinic)
    ) AS found
$$
-- next
CREATE FUNCTION platform.cell_seal(words text)
RETURNS bytea LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    -- HMAC-SHA-256; the key is kept as its two padded halves.
    SELECT sha256(k.outside || sha256(k.inside || convert_to(words, 'UTF8'))) FROM platform.cell_key k
$$
-- next
CREATE FUNCTION platform.check_seal(words text, at bigint, seal bytea)
RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Five minutes: the clocks of two servers differ.
    IF NOT coalesce(seal = platform.cell_seal(words), false)
       OR abs(extract(epoch FROM clock_timestamp()) - at) > 300 THEN
        RAISE EXCEPTION 'not the word of a cell of this house' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$
-- next
CREATE OR REPLACE FUNCTION platform.clinic_facts(clinic uuid)
RETURNS TABLE (sites bigint, people bigint, administrators bigint, administrators_in bigint,
               settings_seen boolean, has_keys boolean, rooms text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    place text := platform.place_of(clinic);
BEGIN
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
CREATE FUNCTION platform.cell_word(clinics uuid[])
RETURNS TABLE (clinic_id uuid, sites bigint, people bigint, administrators bigint, administrators_in bigint,
               settings_seen boolean, has_keys boolean, rooms text[], revision text, at bigint, seal bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.clinic_id, f.*, r.revision::text, told.at,
           platform.cell_seal(format('administrators %s %s %s', r.clinic_id, f.administrators, told.at))
    FROM platform.clinic_revision r
    CROSS JOIN (SELECT extract(epoch FROM statement_timestamp())::bigint AS at) AS told
    CROSS JOIN LATERAL platform.clinic_facts(r.clinic_id) AS f
    WHERE r.clinic_id = ANY (clinics)
$$
-- next
CREATE FUNCTION platform.cell_standing()
RETURNS TABLE (platform_revision text, clinic_revisions text[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Written for real: a full disk or a server that only reads lets everything else through.
    UPDATE platform.heartbeat h SET at = clock_timestamp();
    RETURN QUERY SELECT (SELECT v.version_num::text FROM platform.alembic_version v),
        ARRAY(SELECT DISTINCT r.revision::text FROM platform.clinic_revision r
              WHERE r.standing = 'here' ORDER BY 1);
END
$$
-- next
CREATE FUNCTION platform.cell_room(clinic uuid, rooms text[], at bigint, seal bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    place text := platform.place_of(clinic);
BEGIN
    PERFORM platform.check_seal(format('rooms %s %s %s', clinic, rooms, at), at, seal);
    IF 'family_planning' = ANY (rooms) THEN
        RAISE EXCEPTION 'not from here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF place IS NOT NULL THEN
        EXECUTE format('UPDATE %I.clinic_setting SET rooms = to_jsonb($1), version = version + 1', place)
        USING rooms;
        -- Asked after the change, which waits for a move that holds the table: then it was the old copy.
        place := platform.place_of(clinic);
    END IF;
    IF place IS NULL THEN
        RAISE EXCEPTION 'the clinic is not in this database' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END
$$
-- next
CREATE FUNCTION platform.operator_room_order(token bytea, clinic uuid, rooms text[], room text, is_on boolean)
RETURNS TABLE (at bigint, seal bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
BEGIN
    -- Only its own go-live list opens that room (rights: family planning is voluntary).
    IF room = 'family_planning' OR 'family_planning' = ANY (rooms) THEN
        RAISE EXCEPTION 'not from here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM FROM platform.clinic c WHERE c.id = clinic AND c.cell <> 'main' AND c.moving_to IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the clinic is on its way, or in this database'
        USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
    VALUES (gen_random_uuid(), clinic, CASE WHEN is_on THEN 'room.on' ELSE 'room.off' END, who, room);
    operator_room_order.at := extract(epoch FROM clock_timestamp())::bigint;
    operator_room_order.seal := platform.cell_seal(
        format('rooms %s %s %s', clinic, rooms, operator_room_order.at));
    RETURN NEXT;
END
$$
-- next
CREATE FUNCTION platform.keep_invitation(who text, clinic uuid, hash text, username text)
RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO platform.invitation AS i (clinic_id, code_hash, username, until)
    VALUES (clinic, hash, username, now() + interval '7 days')
    ON CONFLICT (clinic_id) DO UPDATE
    SET code_hash = excluded.code_hash, username = excluded.username, printed_at = now(),
        until = excluded.until, used_at = NULL;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator)
    VALUES (gen_random_uuid(), clinic, 'invitation.printed', who);
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
    -- Of a clinic in another cell it is not known here: that cell's own word is needed.
    IF there IS DISTINCT FROM 0 THEN
        RETURN false;
    END IF;
    PERFORM platform.keep_invitation(who, clinic, hash, username);
    RETURN true;
END
$$
-- next
CREATE FUNCTION platform.operator_invite_told(
    token bytea, clinic uuid, hash text, username text, administrators bigint, at bigint, seal bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
BEGIN
    -- Rights N12: only while the clinic has no administrator, as the cell says in which it lives.
    PERFORM platform.check_seal(format('administrators %s %s %s', clinic, administrators, at), at, seal);
    PERFORM FROM platform.clinic c
    WHERE c.id = clinic AND c.state IN ('provisioned', 'configured', 'trained', 'pilot', 'live')
      AND c.cell <> 'main' AND c.moving_to IS NULL
    FOR UPDATE;
    IF NOT FOUND OR administrators IS DISTINCT FROM 0 THEN
        RETURN false;
    END IF;
    PERFORM platform.keep_invitation(who, clinic, hash, username);
    RETURN true;
END
$$
