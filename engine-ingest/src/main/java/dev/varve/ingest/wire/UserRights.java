// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.Privilege;
import org.apache.kafka.common.protocol.Errors;

/// What a request may do with the users of the server.
final class UserRights {
  private UserRights() {}

  /// The users.
  ///
  /// @throws org.apache.kafka.common.errors.ApiException SECURITY_DISABLED where there can be none
  static AccessControl managed(Call call) {
    return call.caller()
        .managed()
        .orElseThrow(() -> Errors.SECURITY_DISABLED.exception("this broker knows no users"));
  }

  /// @throws org.apache.kafka.common.errors.ApiException CLUSTER_AUTHORIZATION_FAILED
  static void requireManager(Call call) {
    if (!call.caller().access().allowsWhole(Privilege.ACCESS_MANAGEMENT, "", "")) {
      throw Errors.CLUSTER_AUTHORIZATION_FAILED.exception("this needs ACCESS MANAGEMENT on *.*");
    }
  }
}
