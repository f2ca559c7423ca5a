-- Run once on a database that was restored from a backup, before Kickoff starts on it: docs/operations.md, Backups.

-- Instances and files read from now on get numbers that none had before. What was posted, or sent to other systems, since the
-- backup carries such numbers, and would be taken for a first attempt at what is new.
select setval(pg_get_serial_sequence('engine_instances', 'key'), (select coalesce(max(key), 0) from engine_instances) + 1000000);

-- Jobs that were open at the time of the backup may have been done since: as another attempt, an answer to a client is first
-- looked for in its conversation.
update engine_jobs set attempts = greatest(attempts, 1);

-- What Kickoff was going to do with clients' messages at the time of the backup may have been done since: those in channels
-- that the app was joining have been read, those that were deferred because Slack did not answer have been handled, and those
-- that waited for an answer have got one.
update sessions set unheard_since = now() where unheard_since is not null;
update deferred_deliveries set due_at = 'infinity', attempts = 0, unfinished = 0;
delete from session_timers;
