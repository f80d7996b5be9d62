// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.logical;

import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/// Answers the few questions that planner rules ask of the tree, without compiling code at run time
/// as the stock provider does.
public final class Metadata extends RelMetadataQuery {
  public Metadata() {
    super(new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE));
  }
}
