/**
 * Planted bugs: each leaves out one rule that the engine follows. The simulation has to catch every one of them.
 * `find` is the one place in `file` that is replaced.
 */
export const MUTANTS = [
  {
    name: "losing a number to a harmless event is read as being fenced",
    file: "src/engine/log-writer.ts",
    find: "if (standing.entry.epoch > epoch || ended)",
    replace: "if (true)",
  },
  {
    name: "a lost answer to one's own append is ignored",
    file: "src/engine/log-writer.ts",
    find: `standing === "created" || standing.entry.nonce === nonce`,
    replace: `standing === "created"`,
  },
  {
    name: "neither a higher epoch nor an end of one's own deployment by another is a fence",
    file: "src/engine/log-writer.ts",
    find: "if (standing.entry.epoch > epoch || ended)",
    replace: "if (standing.entry.epoch > epoch && false)",
    also: {
      file: "src/engine/log-writer.ts",
      find: "if (state.epoch > epoch) throw fenced(state.epoch);",
      replace: "",
    },
  },
  {
    name: "what may not follow is not asked again after a lost number",
    file: "src/engine/log-writer.ts",
    find: "for (const { check } of batch) check?.(state);",
    replace: "",
  },
  {
    name: "an entry does not chain to the one before",
    file: "src/engine/log-writer.ts",
    find: "previous: state.hash,",
    replace: `previous: "0".repeat(64),`,
  },
  {
    name: "an entry leaves a number out",
    file: "src/engine/log-writer.ts",
    find: "sequence: state.sequence + 1,",
    replace: "sequence: state.sequence + 1 + (state.sequence % 7 === 6 ? 1 : 0),",
  },
  {
    name: "an append overwrites what stands there (rename instead of link)",
    file: "test/helpers/memory-store.ts",
    find: `if (objects.has(key)) return "exists";`,
    replace: "",
  },
  {
    name: "a takeover does not wait for the lease to run out",
    file: "src/engine/session.ts",
    find: `if (judged === "free" || watch.ranOut(standing)) {`,
    replace: "if (true) {",
  },
  {
    name: "a takeover waits for half of the lease",
    file: "src/engine/session.ts",
    find: "(standing.record?.durationMs ?? leaseMs) + callBudgetMs",
    replace: "(standing.record?.durationMs ?? leaseMs) / 2",
  },
  {
    name: "a takeover is not written",
    file: "src/engine/session.ts",
    find: "if (state.open !== null) await writer.append",
    replace: "if (false) await writer.append",
  },
  {
    name: "a takeover keeps the epoch",
    file: "src/engine/lease.ts",
    find: "(damaged ? EPOCH_LEAP : 1)",
    replace: "(damaged ? EPOCH_LEAP : 0)",
  },
  {
    name: "an effect starts without a look at the lease",
    file: "src/engine/lease.ts",
    find: "if (remainingMs() > budgetMs) return;",
    replace: "return;",
  },
  {
    name: "a lost answer to one's own lease is read as a conflict",
    file: "src/engine/lease.ts",
    find: "if (value?.nonce === record.nonce && value.released === record.released) return standing!.etag;",
    replace: "",
  },
  {
    name: "a conflict at the renewal is overlooked",
    file: "src/engine/lease.ts",
    find: "if (renewed === null) {",
    replace: "if (renewed === null && false) {",
  },
  {
    name: "the head's number may fall",
    file: "src/engine/session.ts",
    find: "if (head.state !== null && head.state.sequence >= state.sequence) return;",
    replace: "",
  },
  {
    name: "the intent of a step is not durable before it acts",
    file: "src/engine/run-step.ts",
    find: "else await session.append(intent);",
    replace: "else session.ride(intent);",
  },
  {
    name: "what was before a step is recorded anew on resume",
    file: "src/engine/run-step.ts",
    find: "if (recorded === undefined) {",
    replace: "if (true) {",
  },
  {
    name: "compensation runs forwards",
    file: "src/engine/compensate.ts",
    find: "started.reverse()",
    replace: "started",
  },
  {
    name: "compensation leaves out the last step",
    file: "src/engine/compensate.ts",
    find: "started.reverse()",
    replace: "started.reverse().slice(1)",
  },
  {
    name: "the inverse of instances is forgotten",
    file: "src/engine/steps/roll-out.ts",
    find: "await platform.setInstances(service, before as Numbers, context);",
    replace: "void before; void platform; void context; void service;",
  },
  {
    name: "the inverse of weights is forgotten",
    file: "src/engine/steps/roll-out.ts",
    find: "await platform.setWeights(service, before as Numbers, context);",
    replace: "void before; void platform; void context; void service;",
  },
  {
    name: "the inverse of a site's switch is forgotten",
    file: "src/engine/steps/switch-site.ts",
    find: "await platform.switchSite(site, before as ObservedSite | null, context);",
    replace: "void before; void platform; void context; void site;",
  },
  {
    name: "a deployment that was taken back is told as succeeded",
    file: "src/engine/run.ts",
    find: `return finish(deps, { outcome: "compensated",`,
    replace: `return finish(deps, { outcome: "succeeded",`,
  },
  {
    name: "a gate that does not hold is overlooked",
    file: "src/engine/run.ts",
    find: `if (end.type === "done")`,
    replace: `if (end.type === "done" || end.type === "failed")`,
  },
  {
    name: "an abort after the commit goes back",
    file: "src/app/resume.ts",
    find: `if (how === "abort" && open.committed)`,
    replace: `if (how === "abort" && open.committed && false)`,
  },
  {
    name: "traffic is shifted before the instances are there",
    file: "src/planner/roll-out.ts",
    find: "return [both, ...partly, last];",
    replace: "return [...partly, last, both];",
  },
  {
    name: "the deployment counts before it was confirmed, and tidies first",
    file: "src/planner/plan-deployment.ts",
    find: "    switchSites(targets, request),\n    verify(targets, request),\n    commit(targets),",
    replace: "    commit(targets),\n    switchSites(targets, request),\n    verify(targets, request),",
  },
  {
    name: "a deployment starts while the environment is locked",
    file: "src/app/preconditions.ts",
    find: "if (lock !== null && (lock.until === null",
    replace: "if (false && lock !== null && (lock.until === null",
  },
  {
    name: "a colleague's lock gives up when its number is taken",
    file: "src/engine/session.ts",
    find: `if (!(error instanceof AppError) || error.code !== "FENCED") throw error;`,
    replace: "if (error) throw error;",
  },
  {
    name: "a gap is seen where two entries came meanwhile",
    file: "src/engine/read-log.ts",
    find: " &&\n    (await readEntry(store, environment, sequence + 1)) === null",
    replace: "",
  },
  {
    name: "the head is written before the log",
    file: "src/engine/log-writer.ts",
    find: "      const standing = await createOrRead({",
    replace: `      const { encodeHead, headKey, readHead } = await import("./read-log.ts");
      const { etag } = await readHead(store, state.environment);
      await store.replace(headKey(state.environment), encodeHead(next), etag);
      const standing = await createOrRead({`,
  },
  {
    name: "neither an effect nor a takeover counts the time that a call may take",
    file: "src/engine/lease.ts",
    find: "if (remainingMs() > budgetMs) return;",
    replace: "if (remainingMs() > 0) return;",
    also: {
      file: "src/engine/session.ts",
      find: "(standing.record?.durationMs ?? leaseMs) + callBudgetMs",
      replace: "(standing.record?.durationMs ?? leaseMs)",
    },
  },
  {
    name: "a resume does not raise the platform's fence",
    file: "src/app/resume.ts",
    find: "await platform.observe({ signal, epoch: session.epoch });",
    replace: "await platform.observe({ signal });",
  },
  {
    name: "the platform takes effects of an epoch that is over",
    file: "test/helpers/memory-platform.ts",
    find: `if (epoch < world.epoch) throw new AppError("FENCED", "a later deployer is here");`,
    replace: "if (epoch < world.epoch) return;",
  },
  {
    name: "what serves is not looked at again before the commit",
    file: "src/planner/plan-deployment.ts",
    find: "const commit = ({ services, sites }: Targets): PlannedStep[] => [",
    replace: `const commit = ({ services: _services, sites: _sites }: Targets): PlannedStep[] => [].concat([
      single("commit", "confirm", "observed once more", { kind: "confirm", services: {}, sites: {} }) as never,
    ]); const commitBefore = ({ services, sites }: Targets): PlannedStep[] => [`,
  },
  {
    name: "automation deploys over a person's rollback",
    file: "src/app/preconditions.ts",
    find: "if (automated && hold !== null)",
    replace: "if (false && hold !== null)",
  },
  {
    name: "a rollback holds nothing off",
    file: "src/domain/fold.ts",
    find: "const hold = rolledBack ?",
    replace: "const hold = rolledBack && false ?",
  },
  {
    name: "what served before is retired when a release is deployed again",
    file: "src/app/deploy.ts",
    find: "...earlier.filter(({ rolledBack }) => !rolledBack).slice(0, 2)",
    replace: "",
  },
  {
    name: "the release before is retired at once",
    file: "src/app/deploy.ts",
    find: "return [...new Set((await Promise.all(trees)).flat())];",
    replace: "void trees; return [];",
  },
  {
    name: "a wish to abort after the commit is heeded",
    file: "src/engine/forward.ts",
    find: `!(wish.reason === "abort" && openOf(session).committed)`,
    replace: "true",
  },
  {
    name: "a rollback goes back to what was rolled back",
    file: "src/app/rollback.ts",
    find: "earlier.find(({ rolledBack }) => !rolledBack)",
    replace: "earlier.find(() => true)",
  },
];
