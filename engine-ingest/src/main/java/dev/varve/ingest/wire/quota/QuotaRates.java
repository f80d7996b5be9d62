// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.quota;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/// What clients used in the last seconds, held against their quotas. Kafka's own windows: eleven of
/// a second each, and who is over a quota waits until the average is what it may be. Safe for
/// threads.
public final class QuotaRates {
  private static final int WINDOWS = 11;
  private static final int MAX_REQUEST_MILLIS = 1_000;

  private static final MetricConfig CONFIG =
      new MetricConfig().samples(WINDOWS).timeWindow(1, TimeUnit.SECONDS);

  private record Key(ClientQuotas.Limit limit, ClientQuotaEntity shared) {}

  /// The rate of one quota.
  private static final class Meter {
    private final Rate rate = new Rate();
    private long lastMillis;

    synchronized long over(double amount, double perSecond, long nowMillis) {
      lastMillis = nowMillis;
      rate.record(CONFIG, amount, nowMillis);
      double used = rate.measure(CONFIG, nowMillis);
      if (used <= perSecond) {
        return 0;
      }
      return Math.round((used - perSecond) / perSecond * rate.windowSize(CONFIG, nowMillis));
    }

    synchronized boolean isIdle(long nowMillis) {
      return nowMillis - lastMillis > TimeUnit.SECONDS.toMillis(WINDOWS);
    }
  }

  private final ClientQuotas quotas;
  private final LongSupplier millisClock;
  private final Map<Key, Meter> meters = new ConcurrentHashMap<>();

  /// @param millisClock need not be the time of day
  public QuotaRates(ClientQuotas quotas, LongSupplier millisClock) {
    this.quotas = quotas;
    this.millisClock = millisClock;
  }

  /// Whether anything has to be counted.
  public boolean isNeeded() {
    return !quotas.isEmpty();
  }

  /// Counts what a client used, and says how long it must wait now, in milliseconds.
  public int use(ClientQuotas.Limit limit, String user, String clientId, double amount) {
    ClientQuotas.InForce known = quotas.find(limit, user, clientId);
    if (known == null) {
      return 0;
    }
    Meter meter = meters.computeIfAbsent(new Key(limit, known.shared()), _ -> new Meter());
    long over = meter.over(amount, known.perSecond(), millisClock.getAsLong());
    long most = limit == ClientQuotas.Limit.REQUESTS ? MAX_REQUEST_MILLIS : Integer.MAX_VALUE;
    return (int) Math.min(over, most);
  }

  /// Forgets clients that used nothing for as long as is looked back. To be called now and then.
  public void tidy() {
    long now = millisClock.getAsLong();
    meters.values().removeIf(meter -> meter.isIdle(now));
  }

  /// How many rates are kept.
  int size() {
    return meters.size();
  }
}
