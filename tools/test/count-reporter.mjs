// A Vitest reporter that only counts, into the file named by MAINSTAY_TEST_COUNTS; another one tells the stories.
import { writeFileSync } from 'node:fs'

export default class CountReporter {
  onTestRunEnd(modules, unhandled) {
    const counts = { passed: 0, failed: 0, skipped: 0, skippedNames: [] }
    for (const module of modules) {
      // A file that cannot be loaded has no tests to fail.
      counts.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed += 1
        else if (state === 'skipped') {
          counts.skipped += 1
          counts.skippedNames.push(`${module.relativeModuleId} > ${test.fullName}`)
        } else counts.failed += 1
      }
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
    }
    counts.failed += unhandled.length
    writeFileSync(process.env.MAINSTAY_TEST_COUNTS, JSON.stringify(counts))
  }
}
