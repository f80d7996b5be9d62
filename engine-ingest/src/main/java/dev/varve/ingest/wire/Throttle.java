// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.wire.quota.ClientQuotas.Limit;
import dev.varve.ingest.wire.quota.QuotaRates;
import org.apache.kafka.common.protocol.ApiKeys;

/// Counts a request against the quotas of its client. One for each request.
final class Throttle {
  private static final double PERCENT = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  private final QuotaRates rates;
  private final String user;
  private final String clientId;
  private int millis;

  Throttle(QuotaRates rates, String user, String clientId) {
    this.rates = rates;
    this.user = user;
    this.clientId = clientId == null ? "" : clientId;
  }

  void received(ApiKeys key, int bytes) {
    if (key == ApiKeys.PRODUCE) {
      use(Limit.PRODUCED, bytes);
    }
  }

  void sent(ApiKeys key, long bytes) {
    if (key == ApiKeys.FETCH) {
      use(Limit.CONSUMED, bytes);
    }
  }

  /// Counts time that a thread worked for the request, not that in which it waited.
  void worked(long nanos) {
    use(Limit.REQUESTS, PERCENT * nanos / NANOS_PER_SECOND);
  }

  private void use(Limit limit, double amount) {
    millis = Math.max(millis, rates.use(limit, user, clientId, amount));
  }

  /// How long the client must wait before it asks again.
  int millis() {
    return millis;
  }
}
