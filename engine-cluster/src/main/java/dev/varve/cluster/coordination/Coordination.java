// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/// A client of ZooKeeper below the node [#ROOT]: one session, made anew when it expires. Safe for
/// threads; calls block, but for the listener's.
///
/// A session that expired takes its ephemeral nodes along, so what this process owned by them is
/// not its own any more, whatever it believes meanwhile. So nothing is decided by "the session
/// seems alive": who writes as an owner checks the owning node in the same transaction.
public final class Coordination implements AutoCloseable {
  /// The node that everything of a cluster is below.
  public static final String ROOT = "/varve";

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /// Whether sessions hear of the ensemble.
  public enum State {
    CONNECTED,
    /// The server is away; the session may be alive still.
    SUSPENDED,
    CLOSED
  }

  /// Hears of changes, on a thread that must not be held up.
  public interface Listener {
    /// A node below the root came, went or changed, or may have.
    default void changed(String path) {}

    /// The session is another one, or the connection came or went.
    default void stateChanged(State state, long session) {}
  }

  private final ClusterSettings settings;
  private final Listener listener;
  private final AtomicReference<ZooKeeper> client = new AtomicReference<>();
  private volatile State state = State.SUSPENDED;

  private Coordination(ClusterSettings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /// Opens a session; it need not be connected yet when this returns.
  public static Coordination open(ClusterSettings settings, Listener listener) {
    Coordination coordination = new Coordination(settings, listener);
    coordination.connect();
    return coordination;
  }

  private synchronized void connect() {
    if (state == State.CLOSED) {
      return;
    }
    try {
      Session watcher = new Session();
      ZKClientConfig config = new ZKClientConfig();
      settings.encryption().ifPresent(by -> by.ofSession().forEach(config::setProperty));
      ZooKeeper zookeeper =
          new ZooKeeper(settings.connectString(), settings.sessionMillis(), watcher, config);
      zookeeper.addAuthInfo(
          "digest", ("varve:" + settings.secret()).getBytes(StandardCharsets.UTF_8));
      client.set(zookeeper);
      watcher.opened.countDown();
    } catch (IOException failed) {
      throw new VarveException(
          ErrorCode.KEEPER_EXCEPTION,
          "no session at " + settings.connectString() + ": " + failed,
          failed);
    }
  }

  /// Hears of one session, and opens the next where it expires.
  private final class Session implements Watcher {
    private final CountDownLatch opened = new CountDownLatch(1);

    @Override
    public void process(WatchedEvent event) {
      try {
        opened.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (event.getType() != Event.EventType.None) {
        listener.changed(event.getPath());
        return;
      }
      switch (event.getState()) {
        case SyncConnected -> {
          watch();
          become(State.CONNECTED);
        }
        case Expired -> {
          become(State.SUSPENDED);
          Thread.ofPlatform().daemon().name("varve-session").start(Coordination.this::connect);
        }
        case Closed -> {}
        default -> become(State.SUSPENDED);
      }
    }
  }

  // Asynchronous: this runs on the client's own thread, which brings the answers.
  private void watch() {
    client
        .get()
        .addWatch(
            ROOT,
            event -> listener.changed(event.getPath() == null ? ROOT : event.getPath()),
            AddWatchMode.PERSISTENT_RECURSIVE,
            (code, path, context) -> listener.changed(ROOT),
            null);
  }

  private void become(State next) {
    synchronized (this) {
      if (state == State.CLOSED) {
        return;
      }
      state = next;
    }
    listener.stateChanged(next, session());
  }

  public State state() {
    return state;
  }

  /// The number of the session; another one owns other ephemeral nodes.
  public long session() {
    return client.get().getSessionId();
  }

  /// Waits until the session is connected.
  ///
  /// @throws VarveException KEEPER_EXCEPTION if it is not in time
  public void awaitConnected(long millis) {
    if (!isConnectedWithin(millis)) {
      throw new VarveException(
          ErrorCode.KEEPER_EXCEPTION,
          "no quorum of "
              + settings.connectString()
              + " within "
              + millis
              + " ms; see that a majority of its servers runs");
    }
  }

  /// Waits until the session is connected, and says whether it is.
  public boolean isConnectedWithin(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      try {
        if (client.get().exists("/", false) != null) {
          return true;
        }
      } catch (KeeperException notYet) {
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (InterruptedException asked) {
        throw interrupted(asked);
      }
    }
    return false;
  }

  /// A node as this session's server has it, or nothing if there is none.
  ///
  /// @throws VarveException KEEPER_EXCEPTION
  public Optional<Node> read(String path) {
    return asking(
        () -> {
          Stat stat = new Stat();
          byte[] data = client.get().getData(path, false, stat);
          return Optional.of(
              new Node(
                  data == null ? new byte[0] : data,
                  stat.getVersion(),
                  stat.getCzxid(),
                  stat.getMzxid(),
                  stat.getEphemeralOwner()));
        },
        Optional.empty());
  }

  /// The names of the nodes below one, in order; none where it is not there.
  ///
  /// @throws VarveException KEEPER_EXCEPTION
  public List<String> children(String path) {
    return asking(
        () -> client.get().getChildren(path, false).stream().sorted().toList(), List.of());
  }

  /// Makes this session's server as new as the leader: what is read behind it is not stale.
  ///
  /// @throws VarveException KEEPER_EXCEPTION
  public void sync() {
    CountDownLatch answered = new CountDownLatch(1);
    AtomicReference<KeeperException.Code> result = new AtomicReference<>();
    client
        .get()
        .sync(
            ROOT,
            (code, path, context) -> {
              result.set(KeeperException.Code.get(code));
              answered.countDown();
            },
            null);
    try {
      answered.await();
    } catch (InterruptedException asked) {
      throw interrupted(asked);
    }
    if (result.get() != KeeperException.Code.OK) {
      throw failed(KeeperException.create(result.get(), ROOT));
    }
  }

  /// Makes a node that stays, if it is not there.
  ///
  /// @throws VarveException KEEPER_EXCEPTION
  public void ensure(String path) {
    asking(
        () -> {
          try {
            return client.get().create(path, new byte[0], acl(), CreateMode.PERSISTENT);
          } catch (KeeperException.NodeExistsException there) {
            return path;
          }
        },
        path);
  }

  /// Does all of it or nothing.
  public Outcome commit(Write... writes) {
    List<Op> ops = new ArrayList<>();
    for (Write write : writes) {
      ops.add(op(write));
    }
    try {
      client.get().multi(ops);
      return Outcome.DONE;
    } catch (KeeperException failed) {
      return switch (failed.code()) {
        case BADVERSION, NODEEXISTS, NONODE, NOTEMPTY, RUNTIMEINCONSISTENCY -> Outcome.REFUSED;
        default -> Outcome.UNKNOWN;
      };
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return Outcome.UNKNOWN;
    }
  }

  private Op op(Write write) {
    return switch (write) {
      case Write.Create(String path, byte[] data, boolean ephemeral) ->
          Op.create(path, data, acl(), ephemeral ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT);
      case Write.Put(String path, byte[] data, int version) -> Op.setData(path, data, version);
      case Write.Check(String path, int version) -> Op.check(path, version);
      case Write.Delete(String path, int version) -> Op.delete(path, version);
    };
  }

  /// Who knows the secret may do everything, nobody else anything.
  private static List<ACL> acl() {
    return ZooDefs.Ids.CREATOR_ALL_ACL;
  }

  /// What each server of the ensemble says of itself.
  public List<MemberStatus> members() {
    return settings.addresses().stream()
        .map(address -> MemberStatus.of(address, settings.encryption()))
        .toList();
  }

  private interface Question<T> {
    T ask() throws KeeperException, InterruptedException;
  }

  private static <T> T asking(Question<T> question, T absent) {
    try {
      return question.ask();
    } catch (KeeperException.NoNodeException none) {
      return absent;
    } catch (KeeperException failed) {
      throw failed(failed);
    } catch (InterruptedException asked) {
      throw interrupted(asked);
    }
  }

  private static VarveException failed(KeeperException failed) {
    return new VarveException(
        ErrorCode.KEEPER_EXCEPTION,
        "ZooKeeper: "
            + failed.getMessage()
            + "; see that a majority of its servers runs and can be reached",
        failed);
  }

  private static VarveException interrupted(InterruptedException asked) {
    Thread.currentThread().interrupt();
    return new VarveException(
        ErrorCode.QUERY_WAS_CANCELLED, "cancelled while waiting for ZooKeeper", asked);
  }

  @Override
  public void close() {
    synchronized (this) {
      state = State.CLOSED;
    }
    try {
      client.get().close();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }
}
