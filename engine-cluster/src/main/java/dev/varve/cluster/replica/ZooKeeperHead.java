// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.coordination.Coordination;
import dev.varve.cluster.coordination.Member;
import dev.varve.cluster.coordination.Node;
import dev.varve.cluster.coordination.Outcome;
import dev.varve.cluster.coordination.Write;
import dev.varve.cluster.partlog.Head;
import dev.varve.cluster.partlog.SeenHead;
import dev.varve.cluster.partlog.SharedHead;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The shared head as znodes, few and small whatever the tables hold:
///
/// | node                   | kind      | content                                   |
/// |------------------------|-----------|-------------------------------------------|
/// | `/varve/head`          | stays     | epoch, version, hash, primary             |
/// | `/varve/primary`       | ephemeral | id of the primary                         |
/// | `/varve/replicas/<id>` | stays     | `host:port` of the server's HTTP          |
/// | `/varve/live/<id>`     | ephemeral | the same                                  |
final class ZooKeeperHead implements SharedHead {
  private static final String HEAD = Coordination.ROOT + "/head";
  private static final String PRIMARY = Coordination.ROOT + "/primary";
  private static final String REPLICAS = Coordination.ROOT + "/replicas";
  private static final String LIVE = Coordination.ROOT + "/live";
  private static final int ANY = -1;

  private final ClusterSettings settings;
  private final Coordination coordination;

  ZooKeeperHead(ClusterSettings settings, Coordination coordination) {
    this.settings = settings;
    this.coordination = coordination;
  }

  /// Makes the nodes that stay, and those of this server in this session.
  void register(String address) {
    coordination.ensure(Coordination.ROOT);
    coordination.ensure(HEAD);
    coordination.ensure(REPLICAS);
    coordination.ensure(LIVE);
    byte[] data = address.getBytes(StandardCharsets.UTF_8);
    String own = "/" + settings.serverId();
    coordination.ensure(REPLICAS + own);
    coordination.commit(new Write.Put(REPLICAS + own, data, ANY));
    Optional<Node> before = coordination.read(LIVE + own);
    if (before.isPresent() && before.get().owner() != coordination.session()) {
      coordination.commit(new Write.Delete(LIVE + own, ANY)); // of a process that is no more
    }
    coordination.commit(new Write.Create(LIVE + own, data, true));
  }

  @Override
  public SeenHead head() {
    Node node = coordination.read(HEAD).orElse(new Node(new byte[0], 0, 0, 0, 0));
    return new SeenHead(Head.parse(node.data()), node.version());
  }

  @Override
  public Outcome advance(SeenHead seen, Head next) {
    Outcome outcome =
        coordination.commit(
            new Write.Check(PRIMARY, 0), new Write.Put(HEAD, next.text(), seen.version()));
    if (outcome == Outcome.UNKNOWN) {
      // Who is to try again would meet the same broken connection otherwise.
      coordination.isConnectedWithin(settings.sessionMillis());
    }
    return outcome;
  }

  @Override
  public Outcome takeOver(SeenHead seen, Head next) {
    byte[] id = String.valueOf(settings.serverId()).getBytes(StandardCharsets.UTF_8);
    return coordination.commit(
        new Write.Create(PRIMARY, id, true), new Write.Put(HEAD, next.text(), seen.version()));
  }

  @Override
  public Outcome resign(SeenHead seen) {
    // Whoever took over meanwhile wrote the head; its node is not to go.
    return coordination.commit(
        new Write.Check(HEAD, seen.version()), new Write.Delete(PRIMARY, ANY));
  }

  @Override
  public boolean hasPrimary() {
    return coordination.read(PRIMARY).isPresent();
  }

  @Override
  public boolean isPrimary() {
    return coordination
        .read(PRIMARY)
        .filter(node -> node.owner() == coordination.session())
        .isPresent();
  }

  @Override
  public Set<Integer> replicas() {
    if (settings.members().isEmpty()) {
      return ids(REPLICAS);
    }
    return settings.members().stream()
        .filter(member -> !member.observes())
        .map(Member::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Whether the settings name a server.
  boolean isMember(int id) {
    return settings.members().stream().anyMatch(member -> member.id() == id);
  }

  /// Forgets a server. One that comes back after all registers anew.
  void drop(int id) {
    if (coordination.commit(new Write.Delete(REPLICAS + "/" + id, ANY)) != Outcome.DONE) {
      throw new VarveException(
          ErrorCode.KEEPER_EXCEPTION,
          "ZooKeeper did not say that server " + id + " is forgotten; look at system.replicas");
    }
  }

  /// All servers that ever were in the cluster.
  Set<Integer> known() {
    Set<Integer> known = ids(REPLICAS);
    known.addAll(replicas());
    return known;
  }

  @Override
  public Set<Integer> live() {
    return ids(LIVE);
  }

  private Set<Integer> ids(String path) {
    return coordination.children(path).stream()
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Where a server that is alive has its HTTP.
  Optional<String> address(int id) {
    return coordination
        .read(LIVE + "/" + id)
        .map(node -> new String(node.data(), StandardCharsets.UTF_8));
  }
}
