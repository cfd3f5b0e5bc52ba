"""Attacks on another clinic: queries put inside one of our statements, and statements put behind it."""

from __future__ import annotations

INSIDE = {
    "another schema": "SELECT name FROM t_9812.resident",
    "another schema, joined": "SELECT r.name FROM resident JOIN t_9812.resident AS r USING (id)",
    "another schema by an error": "SELECT (name::int)::text FROM t_9812.resident",
    "another schema by a cast": "SELECT 't_9812.resident'::regclass::text || name FROM t_9812.resident",
    "another schema by a row id": "SELECT currtid2('t_9812.resident', '(0,1)')::text",
    "own secrets": "SELECT password_hash FROM staff_secret",
    "secrets of another": "SELECT password_hash FROM t_9812.staff_secret",
    "role by set_config": "SELECT set_config('role', 't_9812', true)",
    "role of the session by set_config": "SELECT set_config('role', 't_9812', false)",
    "no role by set_config": "SELECT set_config('role', 'none', true)",
    "path by set_config": "SELECT set_config('search_path', 't_9812', true)",
    "authorization by set_config": "SELECT set_config('session_authorization', 'postgres', true)",
    "role, then the table": (
        "SELECT CASE WHEN set_config('role', 't_9812', true) <> '' THEN"
        " (SELECT string_agg(name, ',') FROM t_9812.resident) END"
    ),
    "role, then a query as text": (
        "SELECT set_config('role', 't_9812', true)"
        " || query_to_xml('SELECT name FROM t_9812.resident', true, true, '')::text"
    ),
    "role, then a query for statistics": (
        "SELECT set_config('role', 't_9812', true) || (SELECT string_agg(word, ',')"
        " FROM ts_stat('SELECT to_tsvector(''simple'', name) FROM t_9812.resident'))"
    ),
    "role and path by set_config": (
        "SELECT set_config('role', 't_9812', true) || set_config('search_path', 't_9812', true)"
    ),
    "set_config by its long name": "SELECT pg_catalog.set_config('role', 't_9812', true)",
    "set_config by named arguments": (
        "SELECT set_config(setting_name => 'role', new_value => 't_9812', is_local => true)"
    ),
    "set_config by unicode escapes": "SELECT U&\"set\\005fconfig\"('role', 't_9812', true)",
    "set_config over rows": (
        "SELECT set_config('role', rolname, true) FROM pg_roles WHERE rolname = 't_9812'"
    ),
    "query_to_xml": "SELECT query_to_xml('SELECT name FROM t_9812.resident', true, true, '')::text",
    "query_to_xml with a new role": (
        "SELECT query_to_xml('SET ROLE t_9812', true, true, '')::text"
        " || query_to_xml('SELECT name FROM t_9812.resident', true, true, '')::text"
    ),
    "query_to_xmlschema": (
        "SELECT query_to_xmlschema('SELECT name FROM t_9812.resident', true, true, '')::text"
    ),
    "cursor_to_xml": "SELECT cursor_to_xml('c', 10, true, true, '')::text",
    "table_to_xml": "SELECT table_to_xml('resident'::regclass, true, true, '')::text || name"
    " FROM t_9812.resident",
    "schema_to_xml": "SELECT schema_to_xml('t_9812', true, true, '')::text",
    "database_to_xml": "SELECT database_to_xml(true, true, '')::text",
    "ts_stat": "SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', name) FROM t_9812.resident')",
    "ts_rewrite": (
        "SELECT ts_rewrite('a'::tsquery,"
        " 'SELECT ''a''::tsquery, to_tsquery(''simple'', name) FROM t_9812.resident')::text"
    ),
    "delete in a WITH": "WITH x AS (DELETE FROM t_9812.resident RETURNING name) SELECT name FROM x",
    "update in a WITH": (
        "WITH x AS (UPDATE t_9812.resident SET name = 'HACKED' RETURNING name) SELECT name FROM x"
    ),
    "insert in a WITH": (
        "WITH x AS (INSERT INTO t_9812.resident VALUES (99, 'HACKED') RETURNING name) SELECT name FROM x"
    ),
    "update of pg_settings": (
        "WITH x AS (UPDATE pg_settings SET setting = 't_9812' WHERE name = 'role' RETURNING setting)"
        " SELECT setting FROM x"
    ),
    "a new table": "SELECT name INTO stolen FROM resident",
    "a server's file": "SELECT pg_read_file('PG_VERSION')",
    "a server's binary file": "SELECT encode(pg_read_binary_file('PG_VERSION'), 'hex')",
    "a server's folder": "SELECT pg_ls_dir('.')",
    "a server's log": "SELECT pg_current_logfile()",
    "the access rules": "SELECT auth_method FROM pg_hba_file_rules",
    "passwords": "SELECT rolname || rolpassword FROM pg_authid",
    "passwords by the view": "SELECT usename || passwd FROM pg_shadow",
    "a secret setting": "SELECT current_setting('hba_file') || current_setting('config_file')",
    "a large object made": "SELECT lo_from_bytea(0, 'HACKED')::text",
    "a large object created": "SELECT lo_creat(-1)::text || lo_create(0)::text",
    "a large object read": "SELECT encode(lo_get(77), 'escape')",
    "a large object written": "SELECT lo_put(77, 0, 'HACKED')::text",
    "a large object opened": "SELECT lowrite(lo_open(77, 131072), 'HACKED')::text",
    "a file into a large object": "SELECT lo_import('/etc/passwd')::text",
    "a large object into a file": "SELECT lo_export(77, '/tmp/hacked')::text",
    "dblink": "SELECT a FROM dblink('dbname=postgres', 'SELECT 1') AS t (a text)",
    "a role of one's own": "SELECT platform.make_clinic_roles('9813')::text",
    "the registry": "SELECT code FROM platform.clinic",
    "sessions": "SELECT token_hash::text FROM platform.web_session",
    "what others run": "SELECT query FROM pg_stat_activity",
    "what others run, by the function": "SELECT query FROM pg_stat_get_activity(NULL)",
    "row counts of others": (
        "SELECT schemaname || n_live_tup FROM pg_stat_user_tables WHERE schemaname = 't_9812'"
    ),
    "row counts by the function": (
        "SELECT 'tuples ' || pg_stat_get_live_tuples(oid) FROM pg_class WHERE relname = 'resident'"
    ),
    "row estimates": "SELECT relname || reltuples FROM pg_class WHERE relname = 'resident'",
    "sizes of others": "SELECT 'size ' || pg_relation_size(oid) FROM pg_class WHERE relname = 'resident'",
    "locks of others": "SELECT relation::text FROM pg_locks",
    "values of others": (
        "SELECT most_common_vals::text || histogram_bounds::text FROM pg_stats WHERE schemaname = 't_9812'"
    ),
    "raw statistics": "SELECT stavalues1::text FROM pg_statistic",
    "sleep": "SELECT pg_sleep(30)::text",
    "another's end": ("SELECT pg_terminate_backend(n)::text FROM generate_series(1, 9) AS n"),
    "another's request": "SELECT pg_cancel_backend(n)::text FROM generate_series(1, 9) AS n",
    "a lasting lock": "SELECT pg_advisory_lock(1)::text",
    "a lasting lock, tried": "SELECT pg_try_advisory_lock(1)::text",
    "a lasting shared lock": "SELECT pg_advisory_lock_shared(1, 2)::text",
    "a message": "SELECT pg_notify('c', 'HACKED')::text",
    "a message in the log": "SELECT pg_logical_emit_message(false, 'c', 'HACKED')::text",
    "a snapshot": "SELECT pg_export_snapshot()",
    "a replication slot": "SELECT slot_name::text FROM pg_create_logical_replication_slot('s', 'pgoutput')",
    "a lasting search setting": "SELECT ref.set_limit(0.01)::text",
    "a lasting seed": "SELECT setseed(0.5)::text",
    "nested statements in comments": "SELECT name /* ; */ FROM t_9812.resident /* -- */",
    "dollar quotes": "SELECT $q$ ; $q$ || name FROM t_9812.resident",
    "unicode names": 'SELECT name FROM U&"t_9812"."resident"',
    "wide quotes": "SELECT 'a\u2019; b\uff07' || name FROM t_9812.resident",
}

STACKED = {
    "reset": "RESET ROLE; SELECT name FROM t_9812.resident",
    "set role": "SET ROLE t_9812; SELECT name FROM t_9812.resident",
    "set local role": "SET LOCAL ROLE t_9812; SELECT name FROM t_9812.resident",
    "role none": "SET ROLE NONE; SET ROLE t_9812; SELECT name FROM t_9812.resident",
    "reset all": "RESET ALL; SET ROLE t_9812; TABLE t_9812.resident",
    "commit first": "COMMIT; SET ROLE t_9812; SELECT name FROM t_9812.resident",
    "rollback first": "ROLLBACK; BEGIN; SET LOCAL ROLE t_9812; SELECT name FROM t_9812.resident",
    "session authorization": "SET SESSION AUTHORIZATION postgres; SELECT name FROM t_9812.resident",
    "path": "SET ROLE t_9812; SET search_path = t_9812; SELECT name FROM resident",
    "do": "DO $$ BEGIN EXECUTE 'SET ROLE t_9812'; END $$; SELECT name FROM t_9812.resident",
    "do, quoted": "DO 'BEGIN EXECUTE ''RESET ROLE''; END'; SELECT name FROM t_9812.resident",
    "prepare": "PREPARE x AS SELECT name FROM t_9812.resident; SET ROLE t_9812; EXECUTE x",
    "cursor": "SET ROLE t_9812; DECLARE c CURSOR WITH HOLD FOR SELECT name FROM t_9812.resident;"
    " FETCH ALL FROM c",
    "pg_settings": "UPDATE pg_settings SET setting = 't_9812' WHERE name = 'role'; TABLE t_9812.resident",
    "copy out": "SET ROLE t_9812; COPY t_9812.resident TO STDOUT",
    "copy to a program": "COPY resident TO PROGRAM 'cat > /tmp/hacked'",
    "copy from a program": "COPY resident (name) FROM PROGRAM 'id'",
    "copy from a file": "COPY resident (name) FROM '/etc/passwd'",
    "temporary table": "CREATE TEMP TABLE stolen AS SELECT * FROM resident",
    "function": "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT 1::text'; SELECT f()",
    "listen": "LISTEN c; NOTIFY c, 'HACKED'",
    "own role's role": "ALTER ROLE t_9811 SET role = 't_9812'",
    "the login's role": "RESET ROLE; ALTER ROLE shipa_web SET role = 't_9812'",
    "the login's password": "RESET ROLE; ALTER ROLE shipa_web PASSWORD 'HACKED'",
    "grant": "GRANT SELECT ON resident TO PUBLIC",
    "drop": "DROP TABLE resident",
    "delete": "SET ROLE t_9812; DELETE FROM t_9812.resident",
    "truncate": "TRUNCATE resident",
    "secrets": "SET ROLE t_9811_gate; SELECT password_hash FROM t_9811.staff_secret",
    "discard": "DISCARD ALL; SET ROLE t_9812; SELECT name FROM t_9812.resident",
    "explain": "SET ROLE t_9812; EXPLAIN ANALYZE SELECT name FROM t_9812.resident",
    "backslash semicolon": "SELECT 1\\; SET ROLE t_9812\\; SELECT name FROM t_9812.resident",
    "line comment": "SET ROLE t_9812 --\n; SELECT name FROM t_9812.resident",
    "block comment": "/* ; */ SET ROLE t_9812; /* -- */ SELECT name FROM t_9812.resident",
    "large object": "SELECT lo_create(0); SET ROLE t_9812; SELECT name FROM t_9812.resident",
}
