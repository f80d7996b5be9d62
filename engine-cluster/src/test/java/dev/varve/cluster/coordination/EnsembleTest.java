// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three members in one process. They start once for all tests; each test has a node of its own.
final class EnsembleTest {
  private static final long PATIENCE_MILLIS = 30_000;

  private static final Coordination.Listener DEAF = new Coordination.Listener() {};

  @TempDir private static Path directory;

  private static final List<Ensemble> SERVERS = new ArrayList<>();
  private static List<Member> members;

  @BeforeAll
  static void start() {
    members = FreePorts.members(3);
    for (Member member : members) {
      SERVERS.add(Ensemble.start(settings(member.id()), directory.resolve("" + member.id())));
    }
    try (Coordination coordination = open(DEAF)) {
      coordination.ensure(Coordination.ROOT);
    }
  }

  @AfterAll
  static void stop() {
    SERVERS.forEach(Ensemble::close);
  }

  private static ClusterSettings settings(int id) {
    return ClusterSettings.member(id, members, "word");
  }

  private static Coordination open(Coordination.Listener listener) {
    Coordination coordination = Coordination.open(settings(1), listener);
    coordination.awaitConnected(PATIENCE_MILLIS);
    return coordination;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void oneLeadsAndTwoFollow() {
    try (Coordination coordination = open(DEAF)) {
      List<MemberStatus> statuses = coordination.members();
      assertThat(statuses)
          .extracting(MemberStatus::role)
          .containsExactlyInAnyOrder("LEADING", "FOLLOWING", "FOLLOWING");
      assertThat(statuses).allMatch(status -> status.epoch() >= 1);
    }
  }

  @Test
  void aTransactionWithAFailedCheckDoesNothing() {
    try (Coordination coordination = open(DEAF)) {
      String path = Coordination.ROOT + "/checked";
      assertThat(coordination.commit(new Write.Create(path, bytes("a"), false)))
          .isEqualTo(Outcome.DONE);
      assertThat(
              coordination.commit(
                  new Write.Put(path, bytes("b"), 0), new Write.Check(Coordination.ROOT, 99)))
          .isEqualTo(Outcome.REFUSED);
      assertThat(coordination.read(path).orElseThrow().data()).isEqualTo(bytes("a"));
      assertThat(coordination.commit(new Write.Put(path, bytes("b"), 0))).isEqualTo(Outcome.DONE);
      assertThat(coordination.commit(new Write.Put(path, bytes("c"), 0)))
          .isEqualTo(Outcome.REFUSED);
      assertThat(coordination.read(path).orElseThrow().version()).isEqualTo(1);
    }
  }

  @Test
  void ephemeralNodesGoWithTheirSessionAndOthersHearOfIt() throws InterruptedException {
    String path = Coordination.ROOT + "/alive";
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    Coordination.Listener listener =
        new Coordination.Listener() {
          @Override
          public void changed(String changed) {
            heard.add(changed);
          }
        };
    try (Coordination other = open(listener)) {
      try (Coordination owner = open(DEAF)) {
        assertThat(owner.commit(new Write.Create(path, bytes("me"), true))).isEqualTo(Outcome.DONE);
        awaitHeard(heard, path);
        other.sync();
        assertThat(other.read(path).orElseThrow().owner()).isEqualTo(owner.session());
      }
      awaitHeard(heard, path);
      other.sync();
      assertThat(other.read(path)).isEmpty();
    }
  }

  private static void awaitHeard(BlockingQueue<String> heard, String path)
      throws InterruptedException {
    String next = heard.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    while (next != null && !next.equals(path)) {
      next = heard.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
    assertThat(next).isEqualTo(path);
  }

  @Test
  void strangersReadNothing() throws Exception {
    String path = Coordination.ROOT + "/secret";
    try (Coordination coordination = open(DEAF)) {
      assertThat(coordination.commit(new Write.Create(path, bytes("x"), false)))
          .isEqualTo(Outcome.DONE);
    }
    CountDownLatch connected = new CountDownLatch(1);
    try (ZooKeeper stranger =
        new ZooKeeper(
            members.get(0).clientAddress(),
            4_000,
            event -> {
              if (event.getState()
                  == org.apache.zookeeper.Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
              }
            })) {
      assertThat(connected.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> stranger.getData(path, false, null))
          .isInstanceOf(org.apache.zookeeper.KeeperException.NoAuthException.class);
      assertThat(stranger.getACL("/", null)).isEqualTo(ZooDefs.Ids.OPEN_ACL_UNSAFE);
    }
  }

  @Test
  void aMemberThatWasAwayComesBackToTheSameState() {
    String path = Coordination.ROOT + "/kept";
    SERVERS.get(2).close();
    try (Coordination coordination = open(DEAF)) {
      assertThat(coordination.commit(new Write.Create(path, bytes("kept"), false)))
          .isEqualTo(Outcome.DONE);
    }
    SERVERS.set(2, Ensemble.start(settings(3), directory.resolve("3")));
    ClusterSettings alone = ClusterSettings.client(3, members.get(2).clientAddress(), "word");
    try (Coordination coordination = Coordination.open(alone, DEAF)) {
      coordination.awaitConnected(PATIENCE_MILLIS);
      coordination.sync();
      assertThat(coordination.read(path).orElseThrow().data()).isEqualTo(bytes("kept"));
    }
  }
}
