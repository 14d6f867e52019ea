import { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
import {
  createEngines,
  endOf,
  historyOf,
  makeMachine,
  oneTask,
  pause,
  until,
} from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";
import { proxyDatabase } from "../support/tcp-proxy.ts";

/** Reaches the database through a proxy that breaks. */
let engine: TestEngine;
let engines: Engines;
let proxy: Awaited<ReturnType<typeof proxyDatabase>>;
let direct: Pool;
beforeAll(async () => {
  engines = await createEngines();
  proxy = await proxyDatabase(engines.url);
  direct = new Pool({ connectionString: engines.url, max: 2 });
  direct.on("error", () => undefined);
  engine = await engines.open({}, proxy.url);
});
afterAll(async () => {
  proxy.heal();
  await direct.end();
  await engines.close();
  await proxy.close();
});

const pass = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "OK",
    (error: { code?: string }) => error.code ?? "no code",
  );

test("a start whose answer is lost after COMMIT is found, and acknowledged as made", async () => {
  const machine = await makeMachine(engine, pass);
  const cut = proxy.cutAfterRequest("lost-answer-marker");
  const started = await engine.startExecution({
    stateMachine: machine,
    name: "lost-answer",
    input: '"lost-answer-marker"',
  });
  await cut;
  expect(started).toMatchObject({ created: true, execution: { status: "SUCCEEDED" } });
});

test("a start that never reached the database is refused as unconfirmed; again with the same name it is made once", async () => {
  const machine = await makeMachine(engine, pass);
  const cut = proxy.cutBeforeRequest("never-sent-marker");
  const start = () =>
    engine.startExecution({
      stateMachine: machine,
      name: "never-sent",
      input: '"never-sent-marker"',
    });
  expect(await codeOf(start())).toBe("Unavailable");
  await cut;
  expect((await start()).created).toBe(true);
});

test.each([
  ["after", () => proxy.cutAfterRequest("outcome-marker-after")],
  ["before", () => proxy.cutBeforeRequest("outcome-marker-before")],
])(
  "an outcome whose commit is cut %s it was carried out is recorded once and acknowledged",
  async (when, cut) => {
    const machine = await makeMachine(engine, oneTask(`cut-${when}`));
    const worker = await EngineWorker.open(engine, [`cut-${when}`]);
    const { execution } = await engine.startExecution({ stateMachine: machine });
    const task = await worker.nextTask();
    const done = cut();
    const { status } = await worker.report(task, succeed(`outcome-marker-${when}`));
    await done;
    expect(["RECORDED", "ALREADY_RECORDED"]).toContain(status);
    expect(await endOf(engine, execution.id)).toMatchObject({
      status: "SUCCEEDED",
      output: `"outcome-marker-${when}"`,
    });
    expect(
      (await historyOf({ pool: direct }, execution.id)).filter(
        ({ type }) => type === "TaskSucceeded",
      ),
    ).toHaveLength(1);
    worker.session.close(true);
  },
);

test("a delivery that was committed and never sent is found and made", async () => {
  const machine = await makeMachine(engine, oneTask("unsent"));
  const worker = await EngineWorker.open(engine, ["unsent"], {
    work: () => succeed("came through"),
  });
  const cut = proxy.cutAfterRequest("unsent-marker");
  const { execution } = await engine.startExecution({
    stateMachine: machine,
    input: '"unsent-marker"',
  });
  await cut;
  expect(await endOf(engine, execution.id, 8_000)).toMatchObject({
    status: "SUCCEEDED",
    output: '"came through"',
  });
  worker.session.close(true);
});

test("killed database connections lose nothing under load", async () => {
  const machine = await makeMachine(engine, {
    StartAt: "A",
    States: {
      A: { Type: "Task", Resource: "killed", Next: "W" },
      W: { Type: "Wait", Seconds: 1, Next: "B" },
      B: { Type: "Task", Resource: "killed", End: true },
    },
  });
  const worker = await EngineWorker.open(engine, ["killed"], {
    credit: 50,
    work: (task) => succeed(Number(task.input) + 1),
  });
  const started: { id: string; n: number }[] = [];
  const killing = setInterval(() => {
    const one =
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by random() limit 2";
    void direct.query(one).catch(() => undefined);
  }, 60);
  for (let n = 0; n < 150; n += 1) {
    const start = (): Promise<{ execution: { id: string } }> =>
      engine
        .startExecution({
          stateMachine: machine,
          name: `killed-${n}`,
          input: String(n),
          conflictPolicy: "USE_EXISTING",
        })
        .catch(() => pause(20).then(start));
    started.push({ id: (await start()).execution.id, n });
  }
  clearInterval(killing);
  for (const { id, n } of started)
    expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED", output: String(n + 2) });
  worker.session.close(true);
});

test("while the database is away starts are refused quickly, and five seconds later everything goes on without loss", async () => {
  const machine = await makeMachine(engine, oneTask("away"));
  const wait = await makeMachine(engine, {
    StartAt: "W",
    States: { W: { Type: "Wait", Seconds: 2, End: true } },
  });
  const beating = await makeMachine(engine, oneTask("away-beating", { HeartbeatSeconds: 2 }));
  const worker = await EngineWorker.open(engine, ["away", "away-beating"], { credit: 10 });
  const leaving = await EngineWorker.open(engine, ["away-left"], { credit: 10 });
  const left = await makeMachine(engine, oneTask("away-left"));
  const start = async (stateMachine: string): Promise<string> =>
    (await engine.startExecution({ stateMachine })).execution.id;
  const ids = [
    await start(machine),
    await start(wait),
    await start(beating),
    await start(left),
    await start(left),
  ];
  await until(() => worker.tasks.length === 2 && leaving.tasks.length === 2);
  for (const { session, tasks } of [worker, leaving])
    session.accept(
      tasks.slice(0, session === leaving.session ? 1 : 2).map(({ taskToken }) => taskToken),
    );
  await pause(300); // the acceptance is written

  proxy.down();
  const held = worker.tasks.find(({ resource }) => resource === "away-beating")!;
  const beats = setInterval(() => worker.session.heartbeat([{ taskToken: held.taskToken }]), 300);
  leaving.session.close(false);
  const reported = worker.report(
    worker.tasks.find(({ resource }) => resource === "away")!,
    succeed("reported while away"),
  );
  for (let tries = 0; tries < 5; tries += 1) {
    const asked = performance.now();
    expect(await codeOf(engine.startExecution({ stateMachine: machine }))).toBe("Unavailable");
    expect(performance.now() - asked).toBeLessThan(2_000);
    await pause(700);
  }
  expect(engine.isReady()).toBe(false);
  await pause(1_000);
  proxy.heal();

  const healed = performance.now();
  await until(() => engine.isReady(), 5_000);
  expect((await reported).status).toBe("RECORDED");
  const next = await EngineWorker.open(engine, ["away-left"], { work: () => succeed() });
  await pause(1_500);
  clearInterval(beats);
  expect(worker.cancels).toEqual([]);
  await worker.report(held);
  for (const id of ids) expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
  expect(performance.now() - healed).toBeLessThan(6_000);
  expect(next.tasks.map(({ attempt }) => attempt)).toEqual([1, 1]);
  expect(worker.tasks.filter(({ taskId }) => taskId === held.taskId)).toHaveLength(1);
  for (const { session } of [worker, next]) session.close(true);
}, 40_000);

test("a database that swallows everything without a word is noticed, and starts are refused at once", async () => {
  const machine = await makeMachine(engine, oneTask("hole"));
  const worker = await EngineWorker.open(engine, ["hole"], { work: () => succeed() });
  proxy.blackhole();
  const swallowed = engine.startExecution({ stateMachine: machine, name: "swallowed" });
  await pause(3_600);
  const asked = performance.now();
  expect(await codeOf(engine.startExecution({ stateMachine: machine }))).toBe("Unavailable");
  expect(performance.now() - asked).toBeLessThan(500);
  proxy.heal();
  const { execution } = await swallowed;
  expect((await endOf(engine, execution.id)).status).toBe("SUCCEEDED");
  await until(
    async () => (await codeOf(engine.startExecution({ stateMachine: machine }))) === "OK",
    5_000,
  );
  worker.session.close(true);
}, 30_000);

test("answers that come late, from a slow database, change nothing but the time", async () => {
  const machine = await makeMachine(engine, oneTask("slow"));
  const worker = await EngineWorker.open(engine, ["slow"], { work: (task) => succeed(task.input) });
  proxy.delayAnswersMs = 60;
  const ids = await Promise.all(
    Array.from(
      { length: 40 },
      async (_, n) =>
        (await engine.startExecution({ stateMachine: machine, input: String(n) })).execution.id,
    ),
  );
  for (const id of ids) expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
  proxy.delayAnswersMs = 0;
  expect(worker.tasks.length).toBeLessThan(44); // a delivery under way must not be taken for a lost one
  worker.session.close(true);
});
