CREATE OR REPLACE FUNCTION platform.operator_steer(token bytea, run uuid, wish text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    who text := platform.operator_of(token);
    held record;
BEGIN
    SELECT state, report, put_aside_at INTO held FROM platform.roster_run r WHERE r.id = run FOR UPDATE;
    IF NOT FOUND OR NOT (CASE wish
        WHEN 'start' THEN held.put_aside_at IS NULL AND held.report IS NOT NULL
                          AND held.state IN ('checked', 'stopped', 'failed')
        WHEN 'stop' THEN held.state = 'running'
        WHEN 'put_aside' THEN held.put_aside_at IS NULL
                              AND held.state NOT IN ('checking', 'running', 'stopping')
        WHEN 'show_again' THEN held.put_aside_at IS NOT NULL
        ELSE false END) THEN
        RETURN false;
    END IF;
    UPDATE platform.roster_run r
    SET state = CASE wish WHEN 'start' THEN 'running' WHEN 'stop' THEN 'stopping' ELSE r.state END,
        failure = CASE wish WHEN 'start' THEN '' ELSE r.failure END,
        put_aside_at = CASE wish WHEN 'put_aside' THEN now() END,
        changed_at = now()
    WHERE r.id = run;
    INSERT INTO platform.roster_order (id, run_id, kind, operator)
    VALUES (gen_random_uuid(), run,
            CASE WHEN wish = 'start' AND held.state <> 'checked' THEN 'go_on' ELSE wish END, who);
    RETURN true;
END
$$
