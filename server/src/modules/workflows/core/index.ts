// The pure door of workflows: how they are declared, which run, and how a run goes on.
export { causeInWords, type Happening, listenersOf, mayStart, occurrenceOf } from './choose.ts'
export {
  bindingsOf,
  exampleFacts,
  type IncidentFacts,
  type TriggerFacts,
  triggerFacts,
  triggerToJson,
} from './facts.ts'
export { refusalOf } from './leaks.ts'
export {
  ask,
  decide,
  isOver,
  type Move,
  nextMove,
  type Outcome,
  type RunState,
  retry,
  runStates,
  type StepRun,
  type StepState,
  settle,
  stateOf,
  stepStates,
  untouched,
} from './run.ts'
export {
  type Action,
  type ActionKind,
  actionInWords,
  actionKinds,
  actionsIn,
  type Cause,
  callsOut,
  fillIn,
  limits,
  type Named,
  type PageTarget,
  pageTargets,
  readWorkflow,
  type Step,
  speaksForUs,
  type Trigger,
  triggers,
  type Workflow,
} from './workflow.ts'
