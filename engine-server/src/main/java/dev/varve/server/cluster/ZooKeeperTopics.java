// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.coordination.Coordination;
import dev.varve.cluster.coordination.Node;
import dev.varve.cluster.coordination.Outcome;
import dev.varve.cluster.coordination.Write;
import dev.varve.cluster.replica.Replica;
import dev.varve.ingest.replica.SharedTopics;
import dev.varve.ingest.replica.TopicState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// What servers agree on about the log, as znodes:
///
/// | node                   | kind      | content                                     |
/// |------------------------|-----------|---------------------------------------------|
/// | `/varve/topics/<key>`  | stays     | a topic and the state of its partitions     |
/// | `/varve/brokers/<id>`  | ephemeral | `host port encrypted-port` of the log       |
/// | `/varve/cluster-id`    | stays     | the id that clients of the log are told     |
///
/// What was read is kept until a watch says that it changed.
public final class ZooKeeperTopics implements SharedTopics {
  private static final String TOPICS = Coordination.ROOT + "/topics";
  private static final String BROKERS = Coordination.ROOT + "/brokers";
  private static final String CLUSTER_ID = Coordination.ROOT + "/cluster-id";
  private static final String HEAD = Coordination.ROOT + "/head";
  private static final int ANY = -1;

  private final Replica replica;
  private final Coordination coordination;
  private final AtomicBoolean topicsChanged = new AtomicBoolean(true);
  private final AtomicBoolean serversChanged = new AtomicBoolean(true);
  private volatile Runnable hears = () -> {};
  private volatile Map<String, Seen> topics = Map.of();
  private volatile Set<Integer> live = Set.of();
  private volatile List<Server> servers = List.of();
  private volatile int primary = -1;
  private volatile Server own;
  private volatile String clusterId;
  private long announcedIn;

  public ZooKeeperTopics(Replica replica) {
    this.replica = replica;
    this.coordination = replica.cluster().coordination();
    replica.onChange(this::changed);
  }

  private void changed(String path) {
    boolean any = path.equals(Coordination.ROOT);
    if (any || path.startsWith(TOPICS)) {
      topicsChanged.set(true);
    }
    // The head changes with each commit, and with it the node of the primary where that is another.
    if (any || !path.startsWith(TOPICS) && !path.equals(HEAD)) {
      serversChanged.set(true);
    }
    hears.run();
  }

  @Override
  public int self() {
    return replica.cluster().settings().serverId();
  }

  @Override
  public String clusterId() {
    String known = clusterId;
    if (known == null) {
      coordination.ensure(Coordination.ROOT);
      byte[] id = UUID.randomUUID().toString().replace("-", "").getBytes(StandardCharsets.UTF_8);
      coordination.commit(new Write.Create(CLUSTER_ID, id, false));
      known =
          coordination
              .read(CLUSTER_ID)
              .map(node -> new String(node.data(), StandardCharsets.UTF_8))
              .orElse("");
      clusterId = known.isEmpty() ? null : known;
    }
    return known;
  }

  @Override
  public void announce(Server server) {
    own = server;
  }

  private synchronized void announce() {
    Server server = own;
    long session = coordination.session();
    if (server == null || announcedIn == session) {
      return;
    }
    String path = BROKERS + "/" + server.id();
    byte[] data =
        (server.host() + " " + server.port() + " " + server.encryptedPort())
            .getBytes(StandardCharsets.UTF_8);
    coordination.ensure(Coordination.ROOT);
    coordination.ensure(BROKERS);
    coordination.ensure(TOPICS);
    Optional<Node> before = coordination.read(path);
    if (before.isPresent() && before.get().owner() != session) {
      coordination.commit(new Write.Delete(path, ANY)); // of a process that is no more
    }
    coordination.commit(new Write.Create(path, data, true));
    if (coordination.read(path).filter(node -> node.owner() == session).isPresent()) {
      announcedIn = session;
    }
  }

  @Override
  public List<Integer> members() {
    return replica.catalog().voters().stream().sorted().toList();
  }

  @Override
  public Set<Integer> live() {
    look();
    return live;
  }

  @Override
  public List<Server> servers() {
    look();
    return servers;
  }

  @Override
  public int primary() {
    look();
    return primary;
  }

  /// Reads who is there, where that may have changed.
  private synchronized void look() {
    if (!serversChanged.getAndSet(false)) {
      return;
    }
    try {
      live = replica.catalog().live();
      primary = replica.catalog().primaryId();
      List<Server> found = new ArrayList<>();
      for (String id : coordination.children(BROKERS)) {
        coordination.read(BROKERS + "/" + id).map(node -> server(id, node)).ifPresent(found::add);
      }
      servers = found;
    } catch (RuntimeException e) {
      serversChanged.set(true);
      throw e;
    }
  }

  private static Server server(String id, Node node) {
    String[] words = new String(node.data(), StandardCharsets.UTF_8).split(" ");
    return new Server(
        Integer.parseInt(id), words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]));
  }

  @Override
  public boolean isPrimary() {
    return replica.catalog().isPrimary();
  }

  @Override
  public Map<String, Seen> topics(boolean newest) {
    announce();
    if (newest) {
      coordination.sync();
      topicsChanged.set(true);
    }
    return readTopics();
  }

  private synchronized Map<String, Seen> readTopics() {
    if (!topicsChanged.getAndSet(false)) {
      return topics;
    }
    try {
      Map<String, Seen> found = new HashMap<>();
      for (String key : coordination.children(TOPICS)) {
        coordination
            .read(TOPICS + "/" + key)
            .ifPresent(
                node -> found.put(key, new Seen(TopicState.parse(node.data()), node.version())));
      }
      topics = Map.copyOf(found);
      return topics;
    } catch (RuntimeException e) {
      topicsChanged.set(true);
      throw e;
    }
  }

  @Override
  public boolean create(TopicState state) {
    coordination.ensure(Coordination.ROOT);
    coordination.ensure(TOPICS);
    return write(new Write.Create(path(state), state.text(), false));
  }

  @Override
  public boolean put(TopicState next, int version) {
    return write(new Write.Put(path(next), next.text(), version));
  }

  @Override
  public void delete(TopicState state) {
    write(new Write.Delete(path(state), ANY));
  }

  private boolean write(Write write) {
    boolean isDone = coordination.commit(write) == Outcome.DONE;
    topicsChanged.set(true);
    return isDone;
  }

  private static String path(TopicState state) {
    return TOPICS + "/" + state.key();
  }

  @Override
  public byte[] ask(int server, byte[] request) throws IOException {
    return replica.catalog().ask(server, ReplicaDoor.PATH + ReplicaDoor.LOG, request);
  }

  @Override
  public void onChange(Runnable listener) {
    hears = listener;
  }
}
