"""Ways to spoil a database that was fit to serve, and what the check must say of each."""

from __future__ import annotations

CLINIC = """
CREATE SCHEMA t_{n};
CREATE TABLE t_{n}.resident (id int PRIMARY KEY, name text);
CREATE TABLE t_{n}.access_log (id int PRIMARY KEY);
CREATE TABLE t_{n}.staff_secret (id int PRIMARY KEY);
GRANT USAGE ON SCHEMA t_{n} TO t_{n}, t_{n}_gate;
GRANT SELECT, INSERT, UPDATE (name) ON t_{n}.resident TO t_{n};
GRANT SELECT, INSERT ON t_{n}.access_log TO t_{n};
GRANT SELECT, INSERT, UPDATE ON t_{n}.staff_secret TO t_{n}_gate;
"""
"""A clinic as small as can be, with its rights as they should be."""

# What is done to the database, what the check says of it, and how it is undone on the server.
SPOILED = {
    "a closed function": (
        ["GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC"],
        "changes the role",
        [],
    ),
    "one overload of a closed function": (
        ["GRANT EXECUTE ON FUNCTION ts_rewrite(tsquery, text) TO PUBLIC"],
        "runs SQL that is handed over as text",
        [],
    ),
    "a language": (["GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC"], "procedural language", []),
    "row estimates": (["GRANT SELECT ON pg_catalog.pg_class TO PUBLIC"], "number of rows", []),
    "a statistics view": (
        ["GRANT SELECT ON pg_catalog.pg_stat_activity TO PUBLIC"],
        "figures about sessions",
        [],
    ),
    "workers without a name": (
        ["ALTER TABLE jobs.procrastinate_workers DROP COLUMN name"],
        "workers are known by name",
        [],
    ),
    "pg_settings": (["GRANT UPDATE ON pg_catalog.pg_settings TO PUBLIC"], "pg_settings", []),
    "dblink": (["CREATE EXTENSION dblink SCHEMA ref"], "Extension dblink", []),
    "file_fdw": (["CREATE EXTENSION file_fdw SCHEMA ref"], "Extension file_fdw", []),
    "synchronous_commit of the login": (
        ["ALTER ROLE shipa_web IN DATABASE checked SET synchronous_commit = off"],
        "synchronous_commit is off for web",
        [],
    ),
    "synchronous_commit of the gate": (
        ["ALTER ROLE shipa_gate IN DATABASE checked SET synchronous_commit = off"],
        "synchronous_commit is off for gate",
        [],
    ),
    "synchronous_commit of another login": (
        ["ALTER ROLE shipa_owner IN DATABASE checked SET synchronous_commit = off"],
        "changes synchronous_commit",
        [],
    ),
    "the timeouts": (
        ["ALTER ROLE shipa_web IN DATABASE checked RESET statement_timeout"],
        "short timeouts",
        [],
    ),
    "a login that inherits": (
        ["ALTER ROLE shipa_web INHERIT"],
        "shipa_web may sign in and is nothing else",
        ["ALTER ROLE shipa_web NOINHERIT"],
    ),
    "an owner who makes roles": (
        ["ALTER ROLE shipa_owner CREATEROLE"],
        "shipa_owner may sign in and is nothing else",
        ["ALTER ROLE shipa_owner NOCREATEROLE"],
    ),
    "a gate with a clinic's role": (
        ["GRANT t_0001 TO shipa_gate WITH INHERIT FALSE"],
        "shipa_gate may sign in and is nothing else",
        ["REVOKE t_0001 FROM shipa_gate"],
    ),
    "a clinic's role that signs in": (
        ["ALTER ROLE t_0001 LOGIN"],
        "may not sign in",
        ["ALTER ROLE t_0001 NOLOGIN"],
    ),
    "a clinic's role in another's": (
        ["GRANT t_0002 TO t_0001"],
        "member of nothing (t_0001 in t_0002)",
        ["REVOKE t_0002 FROM t_0001"],
    ),
    "a clinic's role that is inherited": (
        ["GRANT t_0001 TO shipa_web WITH INHERIT TRUE"],
        "inherits nothing",
        ["GRANT t_0001 TO shipa_web WITH INHERIT FALSE"],
    ),
    "a right of the web login on a table": (
        ["GRANT SELECT ON t_0001.resident TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a right of the web login on a column": (
        ["GRANT SELECT (name) ON t_0001.resident TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a right of the web login on a schema": (
        ["GRANT USAGE ON SCHEMA platform TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a table of the web login": (
        ["CREATE TABLE ref.mine (a int)", "ALTER TABLE ref.mine OWNER TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a schema open to all": (
        ["GRANT USAGE ON SCHEMA t_0001 TO PUBLIC"],
        "nothing outside ref is open to everybody",
        [],
    ),
    "a table open to all": (
        ["GRANT SELECT ON t_0001.resident TO PUBLIC"],
        "nothing outside ref is open to everybody",
        [],
    ),
    "a schema open to another clinic": (
        ["GRANT USAGE ON SCHEMA t_0001 TO t_0002"],
        "a clinic's schema is open to its own roles alone",
        [],
    ),
    "a schema that its role may fill": (
        ["GRANT CREATE ON SCHEMA t_0001 TO t_0001"],
        "a clinic's schema is open to its own roles alone",
        [],
    ),
    "a table open to another clinic": (
        ["GRANT SELECT ON t_0001.resident TO t_0002"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "a column open to another clinic": (
        ["GRANT SELECT (name) ON t_0001.resident TO t_0002"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "a table that can be emptied": (
        ["GRANT TRUNCATE ON t_0001.resident TO t_0001"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "a right that can be handed on": (
        ["GRANT SELECT ON t_0001.resident TO t_0001 WITH GRANT OPTION"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "secrets open to the clinic's role": (
        ["GRANT SELECT ON t_0001.staff_secret TO t_0001"],
        "closed to the clinic's role (t_0001.staff_secret)",
        [],
    ),
    "a log that can be changed": (
        ["GRANT UPDATE (id) ON t_0001.access_log TO t_0001"],
        "only added to",
        [],
    ),
    "a log that can be shortened": (
        ["GRANT DELETE ON t_0001.access_log TO t_0001"],
        "only added to",
        [],
    ),
    "a function with its owner's rights": (
        [
            """CREATE FUNCTION ref.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER
            AS 'SELECT count(*) FROM t_0001.resident'"""
        ],
        "lends its owner's rights",
        [],
    ),
    "a role maker with another body": (
        [
            """CREATE OR REPLACE FUNCTION platform.make_clinic_roles(number text) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            AS 'BEGIN END'"""
        ],
        "make_clinic_roles",
        [],
    ),
    "the region in a clinic": (
        ["GRANT SELECT ON t_0001.resident TO shipa_region"],
        "shipa_region has no right but on schema agg (right on table t_0001.resident)",
        [],
    ),
    "the job of figures in a clinic": (
        ["GRANT SELECT (name) ON t_0001.resident TO shipa_agg"],
        "shipa_agg has no right but on schema agg",
        [],
    ),
    "the region as a clinic": (
        ["GRANT t_0001 TO shipa_region"],
        "shipa_region in t_0001",
        ["REVOKE t_0001 FROM shipa_region"],
    ),
    "a region that writes": (
        ["CREATE TABLE agg.indicator (n int); GRANT UPDATE (n) ON agg.indicator TO shipa_region"],
        "shipa_region has no right but on schema agg (indicator (UPDATE))",
        [],
    ),
    "figures open to a clinic": (
        ["CREATE TABLE agg.indicator (n int); GRANT SELECT (n) ON agg.indicator TO t_0001"],
        "open to the logins of figures alone (indicator for t_0001)",
        [],
    ),
    "a region that makes tables": (
        ["GRANT CREATE ON SCHEMA agg TO shipa_region"],
        "may make things in agg",
        [],
    ),
    "an operator in a clinic": (
        ["GRANT SELECT (name) ON t_0001.resident TO shipa_operator"],
        "shipa_operator has no right but on the operators' tables (right on",
        [],
    ),
    "an operator as a clinic": (
        ["GRANT t_0001 TO shipa_operator"],
        "shipa_operator in t_0001",
        ["REVOKE t_0001 FROM shipa_operator"],
    ),
    "an operator who changes clinics": (
        [
            "CREATE TABLE platform.clinic (state text)",
            "GRANT UPDATE (state) ON platform.clinic TO shipa_operator",
        ],
        "shipa_operator has no right but on the operators' tables (clinic.state (UPDATE))",
        [],
    ),
    "an operator who makes clinics": (
        ["GRANT EXECUTE ON FUNCTION platform.make_clinic_roles(text) TO shipa_operator"],
        "make_clinic_roles",
        [],
    ),
    "a setting of the region": (
        ["ALTER ROLE shipa_region IN DATABASE checked SET default_transaction_read_only = off"],
        "shipa_region begins with",
        [],
    ),
    "schema public": (["GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC"], "schema public", []),
    "a database open to all": (
        ["GRANT CONNECT, TEMPORARY ON DATABASE checked TO PUBLIC"],
        "may connect",
        [],
    ),
}
