// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// What users have used in the interval under way. Counts are lost at a restart. Safe for threads.
final class QuotaMeter {
  private final InstantSource clock;
  private final Map<String, Used> used = new HashMap<>();

  QuotaMeter(InstantSource clock) {
    this.clock = clock;
  }

  private static final class Used {
    private final long interval;
    private final Map<Quota.Resource, Long> amounts = new EnumMap<>(Quota.Resource.class);

    Used(long interval) {
      this.interval = interval;
    }
  }

  /// Adds to what a user has used, and refuses what goes beyond a limit.
  ///
  /// @throws VarveException QUOTA_EXCEEDED
  synchronized void use(String user, Access access, Map<Quota.Resource, Long> amounts) {
    for (Quota quota : access.quotas()) {
      Used own = current(user, quota);
      amounts.forEach((resource, amount) -> own.amounts.merge(resource, amount, Long::sum));
      quota
          .limits()
          .forEach((resource, limit) -> {
            long amount = own.amounts.getOrDefault(resource, 0L);
            if (amount > limit) {
              throw exceeded(quota, resource, amount, limit);
            }
          });
    }
  }

  /// Adds to what a user has used, whatever the limits.
  synchronized void add(String user, Access access, Map<Quota.Resource, Long> amounts) {
    for (Quota quota : access.quotas()) {
      Used own = current(user, quota);
      amounts.forEach((resource, amount) -> own.amounts.merge(resource, amount, Long::sum));
    }
  }

  private Used current(String user, Quota quota) {
    long interval = clock.millis() / 1000 / quota.seconds();
    String key = quota.name() + "\n" + user;
    Used own = used.get(key);
    if (own == null || own.interval != interval) {
      own = new Used(interval);
      used.put(key, own);
    }
    return own;
  }

  private static VarveException exceeded(
      Quota quota, Quota.Resource resource, long amount, long limit) {
    return new VarveException(
        ErrorCode.QUOTA_EXCEEDED,
        "quota "
            + quota.name()
            + " allows "
            + resource.name().toLowerCase(Locale.ROOT)
            + " = "
            + limit
            + " in "
            + quota.seconds()
            + " seconds, found "
            + amount
            + "; wait for the next interval");
  }
}
