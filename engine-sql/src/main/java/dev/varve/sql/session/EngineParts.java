// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.operator.EngineMemory;
import dev.varve.sql.plan.DefinitionCompiler;
import dev.varve.sql.plan.Planner;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.BufferAllocator;

/// What all sessions of an engine share.
///
/// @param memory what queries may hold together, and where they spill
/// @param threads workers that all queries share
/// @param primary where statements run that change what several servers share
record EngineParts(
    MergeEngine tables,
    EngineCatalog catalog,
    Planner planner,
    FunctionRegistry functions,
    DefinitionCompiler compiler,
    BufferAllocator allocator,
    EngineMemory memory,
    Executor workers,
    int threads,
    PlanCache plans,
    RunningQueries running,
    QueryLog log,
    BackupLog backups,
    AccessControl access,
    AtomicReference<Primary> primary) {}
