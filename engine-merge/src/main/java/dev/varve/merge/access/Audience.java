// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

import java.util.Set;

/// Whom a row policy or a quota is for.
///
/// @param all everybody but `names`; else only `names`
/// @param names of users and roles
public record Audience(boolean all, Set<String> names) {
  public Audience {
    names = Set.copyOf(names);
  }

  /// @param identity the user's name and the roles it has
  boolean includes(Set<String> identity) {
    return all == identity.stream().noneMatch(names::contains);
  }
}
