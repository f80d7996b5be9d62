// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The statements whose rows are being sent, by the ticket that asked for them. Safe for threads.
final class RunningCalls {
  private final Map<ByteString, Caller> callers = new ConcurrentHashMap<>();

  void add(ByteString ticket, Caller caller) {
    callers.put(ticket, caller);
  }

  void remove(ByteString ticket, Caller caller) {
    callers.remove(ticket, caller);
  }

  /// Ends the statement of a ticket; false where it does not run, or is somebody else's.
  boolean cancel(ByteString ticket, String user) {
    Caller caller = callers.get(ticket);
    if (caller == null || !caller.user().equals(user)) {
      return false;
    }
    caller.cancel();
    return true;
  }
}
