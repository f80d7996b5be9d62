// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.replica.ReplicatedCatalog;
import dev.varve.sql.session.Primary;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Has the primary of the cluster run statements that came here and write. Safe for threads.
///
/// Until the primary has taken a statement it is tried again, also at the next primary. Once it has
/// begun there, it is never sent twice: what came of it may be unknown then.
public final class PrimaryCalls implements Primary, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SHOWN_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 500;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReplicatedCatalog catalog;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  public PrimaryCalls(ReplicatedCatalog catalog) {
    this.catalog = catalog;
    this.client = catalog.settings().http(CONNECT);
  }

  @Override
  public Optional<Done> run(Order order, Waiting waiting) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String why = "";
    while (!catalog.isPrimary()) {
      try {
        String at = address();
        PrimaryCall.Answer answer = run(new PrimaryCall(client, catalog, at, order), waiting);
        catalog.await(answer.change(), SHOWN_MILLIS);
        return Optional.of(answer.done());
      } catch (PrimaryCall.NotTakenException notTaken) {
        why = " (" + notTaken.getMessage() + ")";
      }
      if (System.nanoTime() > end) {
        throw nobody(why);
      }
      waiting.check();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return Optional.empty();
  }

  private String address() throws PrimaryCall.NotTakenException {
    try {
      return catalog
          .primary()
          .orElseThrow(() -> new PrimaryCall.NotTakenException("nobody is the primary", null));
    } catch (VarveException noQuorum) {
      throw new PrimaryCall.NotTakenException(noQuorum.getMessage(), noQuorum);
    }
  }

  @Override
  public void dropReplica(String replica) {
    if (!replica.matches("\\d{1,3}")) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "SYSTEM DROP REPLICA takes the number of a server, as system.replicas shows it; found \""
              + replica
              + "\"");
    }
    catalog.dropReplica(Integer.parseInt(replica));
  }

  private static VarveException nobody(String why) {
    return new VarveException(
        ErrorCode.TABLE_IS_READ_ONLY,
        "the statement writes, and no server of the cluster took it within "
            + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)
            + " s"
            + why
            + "; nothing was written, reads go on. See in system.replicas which servers run: a"
            + " majority of them must");
  }

  private PrimaryCall.Answer run(PrimaryCall call, Waiting waiting)
      throws PrimaryCall.NotTakenException {
    Future<PrimaryCall.Answer> answer = threads.submit(() -> call.run(waiting));
    long lost = 0;
    try {
      while (true) {
        try {
          return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException goesOn) {
          waiting.check();
          long now = System.nanoTime();
          lost = call.isAtPrimary() ? 0 : lost == 0 ? now : lost;
          if (lost != 0 && now - lost > PATIENCE_NANOS) {
            throw PrimaryCall.unknown("it is the primary no more", goesOn);
          }
        }
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new VarveException(ErrorCode.QUERY_WAS_CANCELLED, "the statement was cancelled", asked);
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case PrimaryCall.NotTakenException notTaken -> throw notTaken;
        case VarveException error -> throw error;
        default -> throw new CompletionException(failed.getCause());
      }
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }
}
