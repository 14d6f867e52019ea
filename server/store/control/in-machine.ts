import { LockMode } from "@mikro-orm/core";
import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { StateMachineRow } from "../entities/state-machine.ts";

/**
 * Works on a machine while nobody else changes it, its versions or its aliases. What `work` throws
 * undoes everything.
 *
 * @returns undefined when there is no machine of this name.
 */
export function inMachine<Result>(
  orm: MikroORM,
  name: string,
  work: (em: EntityManager, machine: StateMachineRow) => Promise<Result>,
): Promise<Result | undefined> {
  return orm.em.fork().transactional(async (em) => {
    const machine = await em.findOne(
      StateMachineRow,
      { name },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    return machine === null ? undefined : work(em, machine);
  });
}
