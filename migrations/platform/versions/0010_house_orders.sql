CREATE FUNCTION platform.operator_order(token bytea, which uuid, kind text, clinic uuid, arguments jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
BEGIN
    -- The form made the id: sent twice, it is one order.
    INSERT INTO platform.house_order (id, kind, clinic_id, arguments, operator)
    VALUES (which, kind, clinic, arguments, who)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$$
-- next
CREATE FUNCTION platform.clinic_sites(clinic uuid)
RETURNS TABLE (code text, kind text, name_zh text, name_ug text, closed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    place text;
BEGIN
    SELECT 't_' || lpad(number::text, 4, '0') INTO place FROM platform.clinic c
    WHERE c.id = clinic AND c.cell = 'main' AND c.removed_at IS NULL;
    IF place IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format('
        SELECT s.code::text, s.kind::text, s.name_zh::text, s.name_ug::text, s.closed_at IS NOT NULL
        FROM %I.site s ORDER BY s.code', place);
END
$$
-- next
-- What the rules of changes look at, practice clinics too.
CREATE VIEW platform.operator_institution AS
SELECT id, code, name_zh, name_ug, state, name_zh_own, name_ug_own, successor_id, practice_of, cell,
       coalesce(moving_to, left_cell) AS between_cells, county_zh, created_at
FROM platform.clinic WHERE removed_at IS NULL
-- next
-- Every code that is taken: those in use, those of removed clinics, and old ones that lead somewhere.
CREATE VIEW platform.operator_code AS
SELECT code, id AS clinic_id, false AS is_old FROM platform.clinic
UNION ALL
SELECT code, clinic_id, true FROM platform.clinic_code
-- next
-- The ledger of changes as operators read it: without how many people there were.
CREATE VIEW platform.operator_change AS
SELECT c.id, c.kind, c.operator, c.at, c.undone_at,
       (SELECT array_agg((i ->> 'id')::uuid) FROM jsonb_array_elements(c.before -> 'institutions') i) AS clinic_ids,
       jsonb_build_object(
           'institutions',
           (SELECT jsonb_agg(i - 'people_here' - 'residents') FROM jsonb_array_elements(c.before -> 'institutions') i),
           'old_codes', c.before -> 'old_codes') AS before,
       jsonb_build_object(
           'institutions',
           (SELECT jsonb_agg(i - 'people_here' - 'residents') FROM jsonb_array_elements(c.after -> 'institutions') i),
           'old_codes', c.after -> 'old_codes') AS after
FROM platform.clinic_change c
