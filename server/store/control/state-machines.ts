import { UniqueConstraintViolationException, raw } from "@mikro-orm/core";
import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { StateMachineRevisionRow } from "../entities/state-machine-revision.ts";
import { StateMachineRow } from "../entities/state-machine.ts";
import { withRevision } from "../reads/state-machines.ts";
import type { StateMachineContent, StateMachineRecord } from "../reads/state-machines.ts";
import { inMachine } from "./in-machine.ts";

export interface NewStateMachine extends StateMachineContent {
  readonly id: string;
  readonly name: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly revisionId: string;
}

/** Makes the machine with its first revision; "Exists" when the name is taken, and nothing is changed. */
export async function insertStateMachine(
  orm: MikroORM,
  made: NewStateMachine,
): Promise<"Created" | "Exists"> {
  const { id, name, type, revisionId, definition, format, ...head } = made;
  try {
    await orm.em.fork().transactional(async (em) => {
      await em.insert(StateMachineRow, { id, name, type, revisionId, ...columnsOf(head) });
      await em.insert(StateMachineRevisionRow, {
        id: revisionId,
        stateMachineId: id,
        definition,
        format,
      });
    });
    return "Created";
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) return "Exists";
    throw error;
  }
}

/** What an update makes of a machine: undefined leaves it as it is. */
export type Change = (
  present: StateMachineRecord,
) => { readonly revisionId: string; readonly content: StateMachineContent } | undefined;

/**
 * Changes a machine while nobody else can. The change decides on the state it is given; what it throws undoes all.
 *
 * @returns the machine afterwards; undefined when there is none of this name.
 */
export function updateStateMachine(
  orm: MikroORM,
  name: string,
  change: Change,
): Promise<StateMachineRecord | undefined> {
  return inMachine(orm, name, async (em, machine) => {
    const changed = change(await withRevision(em, machine));
    if (changed === undefined) return withRevision(em, machine);
    const { definition, format, ...head } = changed.content;
    const { id } = machine;
    await em.insert(StateMachineRevisionRow, {
      id: changed.revisionId,
      stateMachineId: id,
      definition,
      format,
    });
    await em.nativeUpdate(
      StateMachineRow,
      { id },
      {
        ...columnsOf(head),
        revisionId: changed.revisionId,
        updateCount: machine.updateCount + 1,
        updatedAt: raw<Date>("now()"),
      },
    );
    return reread(em, id);
  });
}

/** No execution starts from now on. @param check throws to refuse. @returns the machine; undefined when there is none. */
export function markDeleting(
  orm: MikroORM,
  name: string,
  check: (present: StateMachineRecord) => void,
): Promise<StateMachineRecord | undefined> {
  return inMachine(orm, name, async (em, machine) => {
    check(await withRevision(em, machine));
    await em.nativeUpdate(StateMachineRow, { id: machine.id }, { status: "DELETING" });
    return reread(em, machine.id);
  });
}

/** Labels change in place: they are no part of a revision. @returns undefined when there is no such machine. */
export function changeLabels(
  orm: MikroORM,
  name: string,
  change: (present: Labels) => Labels,
): Promise<Labels | undefined> {
  return inMachine(orm, name, async (em, { id, labels }) => {
    const changed = change(labels);
    await em.nativeUpdate(StateMachineRow, { id }, { labels: changed });
    return changed;
  });
}

/** @returns false when there is no machine of this name. */
export async function changeRetention(
  orm: MikroORM,
  name: string,
  retentionSeconds: number | null,
): Promise<boolean> {
  return (await orm.em.fork().nativeUpdate(StateMachineRow, { name }, { retentionSeconds })) > 0;
}

/** @returns false when there is no machine of this name. */
export async function changeRecovery(
  orm: MikroORM,
  name: string,
  recovery: Pick<StateMachineRow, "onTaskLost" | "maxTaskDeliveries">,
): Promise<boolean> {
  return (await orm.em.fork().nativeUpdate(StateMachineRow, { name }, recovery)) > 0;
}

type Labels = StateMachineContent["labels"];

/**
 * Removes the machines in deletion whose last execution has ended, with their versions and aliases.
 * Their revisions stay: closed executions are still read with them.
 *
 * @param id only this one.
 */
export async function finishDeletions(orm: MikroORM, id?: string): Promise<void> {
  const em = orm.em.fork();
  const deleting = await em.find(
    StateMachineRow,
    { status: "DELETING", ...(id !== undefined && { id }) },
    { fields: ["id"] },
  );
  for (const machine of deleting) {
    // An execution whose start was under way when the machine was marked may still come; it has its
    // revision and runs to its end without the machine.
    await em.getConnection().execute(
      `with gone as (
         delete from state_machines m where id = ? and status = 'DELETING' and not exists (
           select 1 from executions e where e.state_machine_id = m.id and e.status = 'RUNNING')
         returning id
       ), gone_aliases as (delete from state_machine_aliases where state_machine_id in (select id from gone))
       delete from state_machine_versions where state_machine_id in (select id from gone)`,
      [machine.id],
    );
  }
}

async function reread(em: EntityManager, id: string): Promise<StateMachineRecord> {
  return withRevision(em, await em.findOneOrFail(StateMachineRow, { id }, { refresh: true }));
}

/** Absent settings are NULL in the row. */
function columnsOf({
  logging,
  tracing,
  encryption,
  ...head
}: Omit<StateMachineContent, "definition" | "format">) {
  return {
    ...head,
    logging: logging ?? null,
    tracing: tracing ?? null,
    encryption: encryption ?? null,
  };
}
