"""Volatile functions of PostgreSQL that every login may still call, each looked at.

They read nothing of a table and keep nothing beyond the transaction, or check the caller themselves
(``nextval``, ``pg_nextoid``; ``binary_upgrade_*`` refuses outside pg_upgrade). A function of a newer
PostgreSQL that is neither here nor closed in ``tenants.hardening`` turns a test red.
"""

_NAMES = """
amvalidate array_sample array_shuffle bernoulli brinhandler bthandler clock_timestamp
current_query currtid2 currval gen_random_uuid ginhandler gisthandler hashhandler
heap_tableam_handler lastval nextval pg_advisory_xact_lock pg_advisory_xact_lock_shared
pg_available_wal_summaries pg_collation_actual_version pg_control_checkpoint pg_control_init
pg_control_recovery pg_control_system pg_current_wal_flush_lsn pg_current_wal_insert_lsn
pg_current_wal_lsn pg_database_collation_actual_version pg_extension_config_dump
pg_get_loaded_modules pg_get_multixact_members pg_get_wait_events pg_get_wal_replay_pause_state
pg_get_wal_resource_managers pg_get_wal_summarizer_state pg_import_system_collations
pg_is_in_recovery pg_is_wal_replay_paused pg_isolation_test_session_is_blocked pg_jit_available
pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_nextoid
pg_notification_queue_usage pg_partition_ancestors pg_partition_tree pg_prepared_xact
pg_stat_clear_snapshot pg_stat_force_next_flush pg_stop_making_pinned_objects
pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_wal_summary_contents
pg_xact_status plpgsql_call_handler plpgsql_inline_handler plpgsql_validator random
random_normal setval spghandler system timeofday txid_status uuidv4 uuidv7
"""

REVIEWED = frozenset(_NAMES.split())
REVIEWED_PREFIX = "binary_upgrade_"
