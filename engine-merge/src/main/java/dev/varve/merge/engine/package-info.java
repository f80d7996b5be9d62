// SPDX-License-Identifier: Apache-2.0
/// The front door of storage with merges: open a data directory, then tables, inserts, exact views,
/// merges. SQL and the log call this and the definitions of `storage.table`.
package dev.varve.merge.engine;
