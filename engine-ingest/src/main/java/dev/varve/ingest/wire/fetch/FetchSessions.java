// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.fetch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.requests.FetchMetadata;

/// The fetch sessions of all clients, at most a thousand. Where there is no room and none was
/// unused for two minutes, a client is told that it has no session, and names its partitions each
/// time. Safe for threads.
public final class FetchSessions {
  private static final int MOST = 1000;
  private static final long UNUSED_NANOS = 120_000_000_000L;

  private final IntSupplier ids;
  // In the order of their last use.
  private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

  /// @param ids positive numbers that nobody can guess
  public FetchSessions(IntSupplier ids) {
    this.ids = ids;
  }

  /// The session of a request that names only changes, or a new one for a request that names all
  /// and wants one; empty where the request stands for itself.
  ///
  /// @throws FetchSessionIdNotFoundException if there is no such session
  /// @throws InvalidFetchSessionEpochException if a request was lost or came twice
  public synchronized Optional<FetchSession> of(
      FetchRequestData request, boolean usesTopicIds, long nowNanos) {
    FetchMetadata asked = new FetchMetadata(request.sessionId(), request.sessionEpoch());
    if (!asked.isFull()) {
      return Optional.of(known(asked, request, usesTopicIds, nowNanos));
    }
    sessions.remove(asked.sessionId());
    if (asked.epoch() == FetchMetadata.FINAL_EPOCH || !hasRoom(nowNanos)) {
      return Optional.empty();
    }
    int id = ids.getAsInt();
    while (sessions.containsKey(id)) {
      id = ids.getAsInt();
    }
    FetchSession created = new FetchSession(id, usesTopicIds);
    created.update(request, nowNanos);
    sessions.put(id, created);
    return Optional.of(created);
  }

  private FetchSession known(
      FetchMetadata asked, FetchRequestData request, boolean usesTopicIds, long nowNanos) {
    FetchSession session = sessions.get(asked.sessionId());
    if (session == null) {
      throw new FetchSessionIdNotFoundException("no fetch session " + asked.sessionId());
    }
    if (session.usesTopicIds() != usesTopicIds) {
      throw new FetchSessionTopicIdException(
          "fetch session " + asked.sessionId() + " began with topics named in another way");
    }
    if (session.epoch() != asked.epoch()) {
      throw new InvalidFetchSessionEpochException(
          "fetch session "
              + asked.sessionId()
              + " is at epoch "
              + session.epoch()
              + ", the request has "
              + asked.epoch());
    }
    session.update(request, nowNanos);
    return session;
  }

  private boolean hasRoom(long nowNanos) {
    if (sessions.size() < MOST) {
      return true;
    }
    Iterator<FetchSession> oldest = sessions.values().iterator();
    if (nowNanos - oldest.next().usedNanos() < UNUSED_NANOS) {
      return false;
    }
    oldest.remove();
    return true;
  }

  synchronized int size() {
    return sessions.size();
  }
}
