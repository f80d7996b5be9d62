// SPDX-License-Identifier: Apache-2.0
/// `system.*`: what the engine knows of itself, as tables whose rows are made when they are read.
package dev.varve.sql.systemtables;
