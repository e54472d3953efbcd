/** What holds at every instant of every story, each with its sentence in docs/guarantees.md. Compared by a test. */
export const GUARANTEES = {
  "the log is whole": "Every entry is there with the bytes that were written.",
  "the log has no gap, fork or rewrite":
    "Entries are numbered without a gap, each holds the hash of the one before, and none is ever changed.",
  "the head is the fold of the log up to its number":
    "The cached state is what the entries up to its number say, never more.",
  "the head's number never falls": "A cached state is never replaced by an older one.",
  "an epoch has one holder": "Two processes never hold an environment under the same epoch.",
  "epochs never fall": "Whoever takes an environment over has a higher epoch than all before.",
  "a takeover is written before anything else":
    "Whoever takes an open deployment over says so in the log before it does anything.",
  "only a takeover fences":
    "A colleague's lock or note, or a lost answer to one's own append, never ends a running deployment.",
  "a fenced deployer starts no further effect":
    "Once a takeover is in the log, the process before it starts nothing more.",
  "an effect ends before its lease does":
    "An effect that was sent by a process that runs takes place before anybody else may act.",
  "what was under way before a takeover ends before it goes on":
    "Once whoever took over has looked at what is so, nothing takes place that was sent before.",
  "no deployment starts while the environment is locked":
    "A lock that is in the log when a deployment is written holds it.",
  "a rolled-back environment waits for a person's word":
    "After a rollback nothing is deployed with --automated until a person deploys, promotes or unlocks.",
  "traffic sums to 100 %": "A service's weights are whole at every instant.",
  "traffic goes only to what runs": "No revision gets traffic without a healthy instance.",
  "nothing serves that no plan asked for":
    "Traffic goes to what served before the deployment and to what it rolls out; afterwards to one of the two.",
  "success means serving":
    "What is committed and what has ended as a success serves: traffic, instances, sites with their settings.",
  "exit 0 implies serving": "A command that exits with 0 was about a release that the log says serves.",
  "what is told is what the log says": "The receipt that a person sees has the outcome that is in the log.",
  "compensation restores exactly what was observed before":
    "A deployment that is taken back leaves traffic, instances and sites as they were.",
  "what a way back needs is never retired":
    "The files of what serves, and of what a rollback would go to, stay on the platform.",
  "every started deployment ends once somebody resumes it":
    "One resume in calm weather ends an interrupted deployment, in exactly one outcome.",
  "a calm deployment succeeds": "Whatever happened before, the next deployment of a sound release succeeds.",
  "a rollback goes back to what served": "And the rollback after it returns to the release before.",
  "nobody waits for ever": "Every command of a process that lives ends.",
  "nobody waits for himself": "An environment is never told as held by the command that asks for it.",
  "nobody goes round in circles": "No command computes without end.",
  "no bug":
    "No command ends with a state that is held to be impossible, or with a log that is told to be broken.",
} as const;

export type Guarantee = keyof typeof GUARANTEES;
