// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import java.util.Set;

/// The other servers, as far as they can be reached.
public interface Peers {
  /// Offers a change to servers at the same time.
  ///
  /// @param needed as soon as so many hold it, this may return
  /// @return how many hold it, with all its parts, durably
  int offer(Set<Integer> to, ChangeRecord record, int needed);
}
