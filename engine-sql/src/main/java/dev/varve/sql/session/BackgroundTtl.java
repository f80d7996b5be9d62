// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.Access;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.TtlApplier;
import dev.varve.sql.plan.PlanContext;
import java.util.Map;
import java.util.Optional;

/// Applies TTL for the engine, with the settings that a new session has. Safe for threads.
record BackgroundTtl(EngineParts parts) implements TtlApplier {
  @Override
  public void apply(MergeTable table) {
    String database = table.definition().name().database();
    SessionState state =
        new SessionState(PlanContext.NO_SESSION, database, Map.of(), "", Access.EVERYTHING);
    Running running =
        new Running("ttl-" + table.id(), "", database, "TTL", "", System.currentTimeMillis());
    new Ttl(parts, state, running, table).apply(Optional.empty());
  }
}
