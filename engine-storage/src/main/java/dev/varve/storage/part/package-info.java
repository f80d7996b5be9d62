// SPDX-License-Identifier: Apache-2.0
/// Sorted immutable rows: parts on disk, runs in memory, and the one face both show.
package dev.varve.storage.part;
