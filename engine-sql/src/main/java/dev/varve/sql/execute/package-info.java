// SPDX-License-Identifier: Apache-2.0
/// Runs plans: worker threads that all queries share, and results that stream.
package dev.varve.sql.execute;
