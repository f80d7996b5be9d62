// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.hash.KeySet;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;

/// Tests rows of a scan against the keys of joins above, for one worker. A set that drops next to
/// nothing is not asked any more for a while: then testing costs more than the join does.
final class JoinKeyTests {
  private static final int TRIAL_ROWS = 1 << 15;
  private static final int PAUSE_GRANULES = 64;

  private final List<One> tests = new ArrayList<>();

  private static final class One {
    final JoinKeyFilter filter;
    final KeySet.Tester tester;
    long seen;
    long passed;
    int pause;

    One(JoinKeyFilter filter) {
      this.filter = filter;
      this.tester = filter.keys().tester();
    }

    double passing() {
      return seen == 0 ? 0.5 : (double) passed / seen;
    }

    void learn(int before, int left) {
      seen += before;
      passed += left;
      if (seen >= TRIAL_ROWS) {
        pause = passed > seen * 0.95 ? PAUSE_GRANULES : 0;
        seen >>= 1;
        passed >>= 1;
      }
    }
  }

  /// Gives a column of the granule at hand.
  interface Columns {
    Vector column(int index);
  }

  JoinKeyTests(List<JoinKeyFilter> filters) {
    filters.forEach(filter -> tests.add(new One(filter)));
  }

  boolean isEmpty() {
    return tests.isEmpty();
  }

  /// The part of rows that pass, as far as it is known.
  double passing() {
    double passing = 1;
    for (One test : tests) {
      passing *= test.passing();
    }
    return passing;
  }

  /// Clears the bits of rows that have no partner; gives how many are left.
  int test(
      Columns columns, Part part, int granule, int rows, int left, long[] mask, Scratch scratch) {
    int remaining = left;
    for (One test : tests) {
      if (remaining == 0) {
        return 0;
      }
      if (test.pause > 0) {
        test.pause--;
        continue;
      }
      if (test.filter.passesAll(part, granule)) {
        continue;
      }
      int before = remaining;
      remaining = test.tester.test(columns.column(test.filter.column()), rows, mask, scratch);
      test.learn(before, remaining);
    }
    return remaining;
  }
}
