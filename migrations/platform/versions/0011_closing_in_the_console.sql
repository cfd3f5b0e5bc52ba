CREATE OR REPLACE FUNCTION platform.operator_move(token bytea, clinic uuid, was text, goes_to text, reason text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
    ends boolean := goes_to = 'suspended';
BEGIN
    -- Closing and opening again have their own way, with the term and the wish for a removal (0022).
    UPDATE platform.clinic c
    SET state = goes_to,
        state_since = now(),
        suspended_at = CASE WHEN ends THEN coalesce(c.suspended_at, now()) END,
        suspended_from = CASE WHEN ends THEN coalesce(c.suspended_from, c.state) END
    WHERE c.id = clinic AND c.state = was AND was <> 'closed' AND goes_to <> 'closed';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
    VALUES (gen_random_uuid(), clinic,
            CASE WHEN ends THEN 'clinic.suspended'
                 WHEN was = 'suspended' THEN 'clinic.resumed' ELSE 'clinic.moved' END,
            who,
            CASE WHEN reason = '' THEN was || ' > ' || goes_to
                 ELSE was || ' > ' || goes_to || ': ' || left(reason, 500) END);
    RETURN true;
END
$$
-- next
CREATE VIEW platform.operator_closing AS
SELECT c.id AS clinic_id, g.closed_at, g.closed_by, g.purpose, g.keep_days,
       a.at AS archived_at, a.operator AS archived_by,
       r.asked_at, r.asked_by, r.purpose AS asked_for
FROM platform.clinic c
LEFT JOIN platform.closing g ON g.clinic_id = c.id
LEFT JOIN LATERAL (SELECT at, operator FROM platform.operator_act
                   WHERE clinic_id = c.id AND act = 'clinic.exported'
                   ORDER BY at DESC LIMIT 1) a ON true
LEFT JOIN platform.removal r ON r.clinic_id = c.id AND r.ended_at IS NULL
WHERE c.practice_of IS NULL AND c.removed_at IS NULL
-- next
CREATE OR REPLACE VIEW platform.operator_device AS
SELECT d.asset_number, d.kind, d.model, d.serial, d.batch, d.waybill, d.state, d.confirmed_on,
       c.code AS clinic_code, c.county_code, c.county_zh,
       c.practice_of IS NOT NULL AS is_practice, d.id, d.clinic_id
FROM platform.device d LEFT JOIN platform.clinic c ON c.id = d.clinic_id
-- next
CREATE FUNCTION platform.operator_device_move(
    token bytea, device uuid, was text, goal text, clinic uuid, bill text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
    held record;
    step text;
    stood text := was;
    -- What goes on from one clinic to another comes back into the stock on the way.
    steps text[] := CASE WHEN goal = 'shipped' AND was <> 'stock' THEN ARRAY['stock', 'shipped']
                         ELSE ARRAY[goal] END;
BEGIN
    SELECT d.asset_number, d.state, d.clinic_id INTO held
    FROM platform.device d WHERE d.id = device FOR UPDATE;
    IF NOT FOUND OR held.state <> was THEN
        RETURN false;
    END IF;
    IF goal = 'shipped' AND (
        coalesce(btrim(bill), '') = '' OR length(bill) > 100 OR clinic = held.clinic_id
        OR NOT EXISTS (SELECT FROM platform.clinic c
                       WHERE c.id = clinic AND c.state <> 'closed' AND c.removed_at IS NULL)) THEN
        RETURN false;
    END IF;
    FOREACH step IN ARRAY steps LOOP
        IF (stood || '>' || step) <> ALL (ARRAY[
            'stock>shipped', 'shipped>stock', 'shipped>received', 'shipped>lost',
            'received>stock', 'enrolled>stock', 'in_use>stock', 'repair>stock', 'lost>stock',
            'stock>retired', 'received>retired', 'enrolled>retired', 'in_use>retired', 'repair>retired',
            'lost>retired'
        ]) THEN
            RETURN false;
        END IF;
        INSERT INTO platform.device_move (id, device_id, old_state, new_state, by, at)
        VALUES (gen_random_uuid(), device, stood, step, who, clock_timestamp());
        stood := step;
    END LOOP;
    UPDATE platform.device d
    SET state = goal, token_hash = NULL, token_until = NULL,
        clinic_id = CASE goal WHEN 'stock' THEN NULL WHEN 'shipped' THEN clinic ELSE d.clinic_id END,
        waybill = CASE goal WHEN 'stock' THEN '' WHEN 'shipped' THEN btrim(bill) ELSE d.waybill END,
        confirmed_on = CASE WHEN goal IN ('stock', 'shipped') THEN NULL ELSE d.confirmed_on END
    WHERE d.id = device;
    IF held.clinic_id IS NOT NULL THEN
        INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
        VALUES (gen_random_uuid(), held.clinic_id, 'device.moved', who,
                held.asset_number || ': ' || was || ' > ' || steps[1]);
    END IF;
    IF goal = 'shipped' THEN
        INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
        VALUES (gen_random_uuid(), clinic, 'device.shipped', who, held.asset_number);
    END IF;
    RETURN true;
END
$$
-- next
CREATE FUNCTION platform.operator_device_code(token bytea, device uuid, code bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
    held record;
BEGIN
    UPDATE platform.device d SET token_hash = code, token_until = now() + interval '15 minutes'
    WHERE d.id = device AND d.state = 'received'
    RETURNING d.clinic_id, d.asset_number INTO held;
    IF held.clinic_id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail)
    VALUES (gen_random_uuid(), held.clinic_id, 'device.code_made', who, held.asset_number);
    RETURN true;
END
$$
