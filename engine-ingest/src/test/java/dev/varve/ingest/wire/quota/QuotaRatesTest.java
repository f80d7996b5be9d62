// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.ingest.wire.quota.ClientQuotas.Limit;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuotaRatesTest {
  @TempDir Path directory;
  private final AtomicLong clock = new AtomicLong(1_000_000);
  private ClientQuotas quotas;
  private QuotaRates rates;

  @BeforeEach
  void open() {
    quotas = new ClientQuotas(directory);
    rates = new QuotaRates(quotas, clock::get);
  }

  private void set(String user, String client, double bytes) {
    Map<String, String> entity = new HashMap<>();
    if (user != null) {
      entity.put(ClientQuotaEntity.USER, user.isEmpty() ? null : user);
    }
    if (client != null) {
      entity.put(ClientQuotaEntity.CLIENT_ID, client.isEmpty() ? null : client);
    }
    quotas.change(new ClientQuotaEntity(entity), Map.of(Limit.PRODUCED.key(), bytes));
  }

  private double limit(String user, String client) {
    return quotas.find(Limit.PRODUCED, user, client).perSecond();
  }

  @Test
  void whoeverSendsMoreThanTheQuotaWaitsUntilTheAverageFits() {
    set("ann", null, 100);
    // Ten seconds are looked back at least: 1,000 bytes at once are what they may be.
    assertThat(rates.use(Limit.PRODUCED, "ann", "c", 1_000)).isZero();
    assertThat(rates.use(Limit.PRODUCED, "ann", "c", 500)).isEqualTo(5_000);
    clock.addAndGet(20_000);
    assertThat(rates.use(Limit.PRODUCED, "ann", "c", 1_000)).isZero();
  }

  @Test
  void whoHasNoQuotaNeverWaits() {
    assertThat(rates.isNeeded()).isFalse();
    set("ann", null, 100);
    assertThat(rates.isNeeded()).isTrue();
    assertThat(rates.use(Limit.PRODUCED, "bob", "c", 1e9)).isZero();
    assertThat(rates.use(Limit.CONSUMED, "ann", "c", 1e9)).isZero();
    assertThat(rates.size()).isZero();
  }

  @Test
  void timeOfThreadsIsWaitedForASecondAtMost() {
    quotas.change(
        new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "ann")),
        Map.of(Limit.REQUESTS.key(), 1.0));
    assertThat(rates.use(Limit.REQUESTS, "ann", "c", 1_000)).isEqualTo(1_000);
  }

  @Test
  void theEntityThatSaysMostDecides() {
    String[][] order = {{"", null}, {"", ""}, {"", "c"}, {"ann", null}, {"ann", ""}, {"ann", "c"}};
    set(null, "", 1);
    assertThat(limit("ann", "c")).isEqualTo(1);
    set(null, "c", 2);
    assertThat(limit("ann", "c")).isEqualTo(2);
    for (int i = 0; i < order.length; i++) {
      set(order[i][0], order[i][1], 3 + i);
      assertThat(limit("ann", "c"))
          .as(String.join("/", order[i][0], "" + order[i][1]))
          .isEqualTo(3 + i);
    }
    assertThat(limit("ann", "other")).isEqualTo(7);
    assertThat(limit("bob", "c")).isEqualTo(5);
    assertThat(limit("bob", "other")).isEqualTo(4);
  }

  @Test
  void aQuotaOfAUserIsSharedByItsClientsAndADefaultByNobody() {
    set("ann", null, 100);
    rates.use(Limit.PRODUCED, "ann", "c", 1_000);
    assertThat(rates.use(Limit.PRODUCED, "ann", "d", 100)).isPositive();
    set("", null, 100);
    rates.use(Limit.PRODUCED, "bob", "c", 1_000);
    assertThat(rates.use(Limit.PRODUCED, "cid", "c", 1_000)).isZero();
  }

  @Test
  void quotasAreKeptAndRemoved() {
    set("ann", "", 100);
    assertThat(new ClientQuotas(directory).all()).isEqualTo(quotas.all()).hasSize(1);
    ClientQuotaEntity entity = quotas.all().keySet().iterator().next();
    Map<String, Double> removed = new HashMap<>();
    removed.put(Limit.PRODUCED.key(), null);
    quotas.change(entity, removed);
    assertThat(new ClientQuotas(directory).isEmpty()).isTrue();
  }

  @Test
  void clientsThatWentAreForgotten() {
    set("", "", 100);
    for (int i = 0; i < 50; i++) {
      rates.use(Limit.PRODUCED, "u" + i, "c", 1);
    }
    clock.addAndGet(11_000);
    rates.tidy();
    assertThat(rates.size()).isEqualTo(50);
    clock.addAndGet(1);
    rates.tidy();
    assertThat(rates.size()).isZero();
  }
}
