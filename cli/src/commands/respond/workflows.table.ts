// What is done by itself in incidents, and the webhooks that it calls.
import type { Command } from '../../line/command.ts'

const oneName = [{ name: 'NAME', required: true }] as const
const oneStep = [
  { name: 'RUN', required: true },
  { name: 'STEP', required: true },
] as const

export const workflowCommands: readonly Command[] = [
  {
    words: ['workflow', 'list'],
    group: 'respond',
    summary: 'What is done by itself in incidents, and how it went last',
    examples: [{ line: 'mainstay workflow list', meaning: 'ends with 1 when a last run did not work' }],
    server: true,
    data: true,
    load: async () => (await import('./workflows.ts')).listWorkflows,
  },
  {
    words: ['workflow', 'runs'],
    group: 'respond',
    summary: 'Runs of workflows, newest first, with what came of each step',
    examples: [
      { line: 'mainstay workflow runs 7', meaning: 'of incident 7' },
      { line: 'mainstay workflow runs --workflow all-hands --state failed', meaning: 'what did not work' },
    ],
    arguments: [{ name: 'INCIDENT', required: false }],
    options: [
      { name: 'workflow', value: 'NAME', summary: 'Only of this one.' },
      {
        name: 'state',
        value: 'STATE',
        choices: ['waiting', 'running', 'approval', 'done', 'failed', 'not-needed'],
        summary: 'Only in this state; approval: somebody is asked.',
      },
      { name: 'limit', value: 'N', summary: 'At most so many runs (default 20).' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./workflows.ts')).listRuns,
  },
  {
    words: ['workflow', 'test'],
    group: 'respond',
    summary: 'What a workflow would do in an incident now; nothing is done',
    examples: [
      { line: 'mainstay workflow test all-hands --incident 7', meaning: 'ends with 1 when it would not run' },
      { line: 'mainstay workflow test all-hands --incident 7 --as resolved', meaning: 'as if that happened' },
      { line: 'mainstay workflow test all-hands --incident 7 -o json', meaning: 'with every fact a condition may ask' },
    ],
    arguments: oneName,
    options: [
      { name: 'incident', value: 'INCIDENT', summary: 'Its number or id.' },
      { name: 'as', value: 'TRIGGER', summary: 'What happened; the first it waits for unless said.' },
    ],
    server: true,
    data: true,
    load: async () => (await import('./workflows.ts')).testWorkflow,
  },
  {
    words: ['workflow', 'start'],
    group: 'respond',
    summary: 'Start a workflow for an incident by hand',
    examples: [{ line: 'mainstay workflow start all-hands 7', meaning: 'whatever its condition says' }],
    arguments: [...oneName, { name: 'INCIDENT', required: true }],
    server: true,
    load: async () => (await import('./workflows.ts')).startWorkflow,
  },
  {
    words: ['workflow', 'approve'],
    group: 'respond',
    summary: 'Let a step happen that waits for a person',
    examples: [
      { line: 'mainstay workflow approve 0199c1f0-… 6', meaning: 'run and step as `workflow runs` shows them' },
      { line: 'mainstay workflow approve 0199c1f0-… 6 --text "We are on it."', meaning: 'in other words' },
    ],
    arguments: oneStep,
    options: [{ name: 'text', value: 'TEXT', summary: 'In place of the draft.' }],
    server: true,
    load: async () => (await import('./workflows.ts')).approveStep,
  },
  {
    words: ['workflow', 'reject'],
    group: 'respond',
    summary: 'Say no to a step that waits for a person',
    examples: [{ line: 'mainstay workflow reject 0199c1f0-… 6', meaning: 'the rest goes on' }],
    arguments: oneStep,
    server: true,
    load: async () => (await import('./workflows.ts')).rejectStep,
  },
  {
    words: ['workflow', 'retry'],
    group: 'respond',
    summary: 'Try a step again that did not work, and what it held up',
    examples: [{ line: 'mainstay workflow retry 0199c1f0-… 4', meaning: 'run and step as `workflow runs` shows them' }],
    arguments: oneStep,
    server: true,
    load: async () => (await import('./workflows.ts')).retryStep,
  },
  {
    words: ['hook', 'list'],
    group: 'respond',
    summary: 'Webhooks that workflows call, and what came of the last call',
    examples: [{ line: 'mainstay hook list', meaning: 'addresses are not shown in full' }],
    server: true,
    data: true,
    load: async () => (await import('./workflow-hooks.ts')).listHooks,
  },
  {
    words: ['hook', 'keep'],
    group: 'respond',
    summary: 'Keep a webhook by name; what it is signed with is shown once',
    examples: [
      { line: 'mainstay hook keep meet https://hooks.example.com/meet', meaning: 'steps call it: hook: meet' },
    ],
    arguments: [...oneName, { name: 'URL', required: true }],
    options: [
      {
        name: 'secret-file',
        value: 'FILE',
        completes: 'file',
        summary: 'Holds the secret that signs, whsec_…; - is stdin. Made unless given.',
      },
    ],
    server: true,
    load: async () => (await import('./workflow-hooks.ts')).keepHook,
  },
  {
    words: ['hook', 'remove'],
    group: 'respond',
    summary: 'Forget a webhook; steps that call it fail and say so',
    examples: [{ line: 'mainstay hook remove meet', meaning: 'its secret is gone, too' }],
    arguments: oneName,
    server: true,
    load: async () => (await import('./workflow-hooks.ts')).removeHook,
  },
]
