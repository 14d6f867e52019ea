-- A million closed executions of twenty machines over thirty days, with names, labels, failures, history
-- and links: the output of three in ten became the input of the next one, of the next machine.
-- $MACHINES and $EXECUTIONS stand for the numbers.
insert into state_machines (id, name, type, revision_id)
select md5('machine' || m)::uuid, 'machine-' || m, 'STANDARD', md5('revision' || m)::uuid
from generate_series(0, $MACHINES - 1) m;

insert into state_machine_revisions (id, state_machine_id, definition, format)
select revision_id, id, '{"StartAt":"Work","States":{"Work":{"Type":"Succeed"}}}', 'JSON' from state_machines
where name like 'machine-%';

-- No hour has been rolled up yet, so none changes.
alter table executions disable trigger executions_started_late;

insert into executions (id, state_machine_id, state_machine_name, revision_id, name, status, rev, next_event_id,
  next_scope_id, facts, input, output, error, cause, labels, started_at, stopped_at)
select id, md5('machine' || m)::uuid, 'machine-' || m, md5('revision' || m)::uuid,
  case when n % 2 = 0 then 'order-' || n else id::text end, status, 4, 17, 1,
  json_build_object('executionArn', 'arn:aws:states:us-east-1:000000000000:execution:machine-' || m || ':order-' || n,
    'stateMachineArn', 'arn:aws:states:us-east-1:000000000000:stateMachine:machine-' || m,
    'type', 'STANDARD', 'name', 'order-' || n, 'startTimeMs', (extract(epoch from started_at) * 1000)::bigint,
    'stateMachineName', 'machine-' || m, 'roleArn', '', 'revisionId', md5('revision' || m)),
  '{"order":' || n || ',"amount":' || n % 997 || '}',
  case when status = 'SUCCEEDED' then '{"order":' || n || ',"paid":true}' end,
  case when status = 'FAILED' then 'Payment.' || (array['Declined', 'Unavailable', 'Expired'])[n % 3 + 1] end,
  case when status = 'FAILED' then 'the bank said no' end,
  case when n % 4 = 0 then jsonb_build_object('tenant', 'tenant-' || n % 400) end,
  started_at, started_at + interval '1 s' * (0.05 + abs(sin(n)) ^ 4 * 60)
from (
  select n, n % $MACHINES as m, now() - interval '30 days' * ($EXECUTIONS - n) / $EXECUTIONS as started_at,
    case when n % 50 < 47 then 'SUCCEEDED' when n % 50 = 47 then 'FAILED' when n % 50 = 48 then 'TIMED_OUT' else 'ABORTED' end as status,
    lpad(to_hex((extract(epoch from now() - interval '30 days' * ($EXECUTIONS - n) / $EXECUTIONS) * 1000)::bigint), 12, '0') as stamp,
    md5('execution' || n) as hash
  from generate_series(1, $EXECUTIONS) n
) e cross join lateral (
  select (substr(stamp, 1, 8) || '-' || substr(stamp, 9, 4) || '-7' || substr(hash, 1, 3) || '-8' || substr(hash, 4, 3) || '-' || substr(hash, 7, 12))::uuid as id
) i;

alter table executions enable trigger executions_started_late;

-- Four turns of four events, each the visit to a state: entered, scheduled, succeeded, exited.
insert into history (execution_id, first_event_id, last_event_id, events)
select id, first, first + 3, (select json_agg(json_build_object('id', first + k, 'previousEventId', first + k - 1,
    'timestampMs', (extract(epoch from started_at) * 1000)::bigint + first * 7 + k * 5,
    'type', (array['TaskStateEntered', 'TaskScheduled', 'TaskSucceeded', 'TaskStateExited'])[k + 1],
    'stateName', (array['Check', 'Charge', 'Pack', 'Send'])[first / 4 + 1],
    'details', json_build_object('name', 'Charge', case when k = 3 then 'output' else 'input' end, input)))
  from generate_series(0, 3) k)::text
from executions, unnest(array[1, 5, 9, 13]) first where state_machine_name like 'machine-%';

insert into execution_links (target_execution_id, target_state_machine_name, source_execution_id, source_state_machine_name,
  source_state, transformer, link_key, is_unique, created_at)
select target, target_machine, id, state_machine_name, case when n % 3 = 0 then 'Charge' else '' end,
  case when n % 4 = 0 then 'invoice' else '' end, md5(id::text)::uuid, n % 2 = 0, target_started_at
from (
  select id, state_machine_name, row_number() over by_start as n, lead(id) over by_start as target,
    lead(state_machine_name) over by_start as target_machine, lead(started_at) over by_start as target_started_at
  from executions where state_machine_name like 'machine-%' window by_start as (order by started_at)
) e where n / 20 % 10 < 3 and target is not null;

vacuum analyze executions;
vacuum analyze execution_links;
vacuum analyze history;
