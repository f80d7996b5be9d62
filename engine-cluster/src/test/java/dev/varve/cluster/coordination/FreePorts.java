// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// Ensembles of this machine, on ports that are free now.
public final class FreePorts {
  private FreePorts() {}

  /// So many members, numbered from 1.
  public static List<Member> members(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count * 3; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Member> members = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        members.add(
            new Member(
                i + 1,
                "127.0.0.1",
                held.get(3 * i).getLocalPort(),
                held.get(3 * i + 1).getLocalPort(),
                held.get(3 * i + 2).getLocalPort(),
                false));
      }
      for (ServerSocket socket : held) {
        socket.close();
      }
      return members;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
