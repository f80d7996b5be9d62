// SPDX-License-Identifier: Apache-2.0
/// Tables and the catalog of their parts: definitions, snapshots, atomic commits.
package dev.varve.storage.table;
