// What one file may hold: no clock in core, no SQL outside stores, no request outside egress, no switched-off test.
import {
  castGrants,
  clockGrants,
  granted,
  harmlessNames,
  networkCalls,
  networkGrants,
  networkModules,
} from './allow.ts'
import type { House, Module } from './house.ts'
import { isGenerated } from './place.ts'
import { foreignClock } from './sql-text.ts'

export interface FileRule {
  readonly id: string
  readonly sentence: string
  readonly tests: boolean
  readonly look: (module: Module, house: House) => readonly Finding[]
}

export interface Finding {
  readonly line: number
  readonly detail: string
}

const isCore = ({ place }: Module): boolean =>
  place.zone === 'kernel' || (place.zone === 'room' && place.part === 'core')
const inProduct = ({ place }: Module): boolean => place.zone !== 'outside'
const isServer = (module: Module): boolean => module.path.startsWith('server/')

const clocks = /^(Date\.now|new Date\(\)|Math\.random|performance\.now|(Temporal|.*\.Temporal)\.Now(\..*)?)$/
const ambient =
  /^(process|console|crypto|performance|navigator|fetch|XMLHttpRequest|WebSocket|EventSource|setTimeout|setInterval|setImmediate|queueMicrotask)(\.|$)/
const otherFileNames = /(^|[-.])(managers?|helpers?|utils?|common|base|impl|misc|stuff)([-.]|$)/
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.tsx?$/

export const fileRules: readonly FileRule[] = [
  {
    id: 'parses',
    sentence: 'Every module parses; one that cannot be read holds no rule.',
    tests: true,
    look: ({ facts }) => (facts.broken === null ? [] : [{ line: facts.broken.line, detail: facts.broken.sentence }]),
  },
  {
    id: 'core-gets-its-world',
    sentence:
      'core/ and the kernel get time, chance and data as arguments: no clock, randomness, environment, timer, log or request.',
    tests: false,
    look: (module) =>
      isCore(module)
        ? module.facts.uses
            .filter(({ name }) => clocks.test(name) || ambient.test(name))
            .map(({ name, line }) => ({ line, detail: `uses ${name}` }))
        : [],
  },
  {
    id: 'clock-from-platform',
    sentence: 'Only the platform asks the clock or chance; everybody else is handed them.',
    tests: false,
    look: (module) =>
      isCore(module) || granted(clockGrants, module.path)
        ? []
        : module.facts.uses
            .filter(({ name }) => clocks.test(name))
            .map(({ name, line }) => ({ line, detail: `uses ${name}` })),
  },
  {
    id: 'requests-through-egress',
    sentence:
      'Every outgoing request is made by platform/egress; who else may open a socket stands in tools/graph/allow.ts.',
    tests: false,
    look: ({ path, facts }) => [
      ...facts.imports
        .filter(({ typeOnly, names }) => !typeOnly && !names.every((each) => harmlessNames.has(each)))
        .flatMap(({ specifier, line }) => {
          const name = specifier?.replace(/^node:/, '').split('/')[0] ?? ''
          return networkModules.has(name) && !granted(networkGrants, path, name)
            ? [{ line, detail: `imports ${specifier}` }]
            : []
        }),
      ...facts.uses
        .filter(({ name }) => networkCalls.has(name) && !granted(networkGrants, path, name))
        .map(({ name, line }) => ({ line, detail: `uses ${name}` })),
    ],
  },
  {
    id: 'nothing-outside-in-a-transaction',
    sentence: 'No outside call stands inside a transaction: a slow neighbour must not hold locks.',
    tests: false,
    look: ({ facts }) =>
      facts.uses
        .filter(
          ({ name, within }) =>
            within.includes('transaction') && (networkCalls.has(name) || name.split('.').includes('egress')),
        )
        .map(({ name, line }) => ({ line, detail: `${name} inside transaction(…)` })),
  },
  {
    id: 'sql-in-stores',
    sentence: 'SQL stands in *.store.ts, the platform and the migrations only.',
    tests: false,
    look: (module) => {
      const { place, facts } = module
      if (!isServer(module) || place.zone === 'platform' || (place.zone === 'room' && place.part === 'store')) return []
      return facts.sql.map(({ line, text }) => ({ line, detail: text.trim().split('\n')[0]?.slice(0, 60) ?? '' }))
    },
  },
  {
    id: 'database-clock',
    sentence: 'SQL in stores asks mainstay_now(), the one clock that tests can move.',
    tests: false,
    look: ({ path, facts }) =>
      path.endsWith('.store.ts')
        ? facts.sql.flatMap((each) => {
            const clock = foreignClock(each)
            return clock === null ? [] : [{ line: each.line, detail: `uses ${clock}` }]
          })
        : [],
  },
  {
    id: 'casts-at-edges',
    sentence: '`as` stands only where data enter: stores, integrations, the platform, the parts of the console.',
    tests: false,
    look: (module) => {
      const { path, place, facts } = module
      if (!inProduct(module) || isGenerated(path) || granted(castGrants, path)) return []
      if (place.zone === 'room' && place.part === 'store') return []
      return facts.marks.filter(({ kind }) => kind === 'cast').map(({ line }) => ({ line, detail: 'a cast with `as`' }))
    },
  },
  {
    id: 'tests-run',
    sentence: 'No test is switched off or singled out: no .only, .skip, .todo, .fails.',
    tests: true,
    look: ({ facts }) =>
      facts.marks
        .filter(({ kind }) => kind === 'disabled-test')
        .map(({ line }) => ({ line, detail: 'a test that does not run' })),
  },
  {
    id: 'nothing-left-for-later',
    sentence: 'No TODO, FIXME, XXX or HACK: do it, or open an issue.',
    tests: true,
    look: ({ facts }) =>
      facts.marks
        .filter(({ kind }) => kind === 'unfinished')
        .map(({ line }) => ({ line, detail: 'a note of unfinished work' })),
  },
  {
    id: 'types-stay-on',
    sentence: 'No comment switches the type checker off.',
    tests: true,
    look: ({ facts }) =>
      facts.marks
        .filter(({ kind }) => kind === 'type-check-off')
        .map(({ line }) => ({ line, detail: 'a @ts- comment' })),
  },
  {
    id: 'catch-does-something',
    sentence: 'A catch handles the failure, or says in a sentence why nothing is to be done.',
    tests: true,
    look: ({ facts }) =>
      facts.marks.filter(({ kind }) => kind === 'empty-catch').map(({ line }) => ({ line, detail: 'an empty catch' })),
  },
  {
    id: 'file-names',
    sentence: 'File names are kebab-case and say what is inside: no manager, helper, util, common, base, impl.',
    tests: true,
    look: ({ path }) => {
      const name = path.split('/').at(-1) ?? ''
      if (!kebab.test(name)) return [{ line: 1, detail: `${name} is not kebab-case` }]
      return otherFileNames.test(name.replace(/\.tsx?$/, '')) ? [{ line: 1, detail: `${name} names no idea` }] : []
    },
  },
  {
    id: 'rooms-in-order',
    sentence: 'Every room stands in modules/order.json and has a README.md.',
    tests: false,
    look: ({ path, place }, house) => {
      if (place.zone !== 'room' || place.part !== 'manifest') return []
      const readme = `server/src/modules/${place.room}/README.md`
      const listed =
        house.order.includes(place.room) && path === `server/src/modules/${place.room}/${place.room}.module.ts`
      return [
        ...(listed
          ? []
          : [{ line: 1, detail: `${place.room} is not in order.json, or its manifest is not named after it` }]),
        ...(house.files.has(readme) ? [] : [{ line: 1, detail: `${readme} is missing` }]),
      ]
    },
  },
]
