// A Vitest reporter that counts and names what failed, into the file named by MAINSTAY_TEST_COUNTS; another one tells the
// stories.
import { writeFileSync } from 'node:fs'

const firstLines = 6
const longest = 600

/** What is said of an error at the end of a run: enough to know it again, a random test's seed among it. */
function whyOf({ message = '' } = {}) {
  const lines = message.split('\n').slice(0, firstLines)
  return lines.join('\n').slice(0, longest)
}

export default class CountReporter {
  onTestRunEnd(modules, unhandled) {
    const counts = { passed: 0, failed: 0, skipped: 0, skippedNames: [], failures: [] }
    const fail = (name, error) => {
      counts.failed += 1
      counts.failures.push({ name, why: whyOf(error) })
    }
    for (const module of modules) {
      // A file that cannot be loaded has no tests to fail.
      for (const error of module.errors()) fail(module.relativeModuleId, error)
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result()
        const name = `${module.relativeModuleId} > ${test.fullName}`
        if (state === 'passed') counts.passed += 1
        else if (state === 'skipped') {
          counts.skipped += 1
          counts.skippedNames.push(name)
        } else fail(name, errors?.[0])
      }
      for (const suite of module.children.allSuites())
        for (const error of suite.errors()) fail(`${module.relativeModuleId} > ${suite.fullName}`, error)
    }
    for (const error of unhandled) fail('outside of every test', error)
    writeFileSync(process.env.MAINSTAY_TEST_COUNTS, JSON.stringify(counts))
  }
}
