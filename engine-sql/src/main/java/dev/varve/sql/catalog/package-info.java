// SPDX-License-Identifier: Apache-2.0
/// What names in FROM mean: stored tables, views, and tables whose rows are made when read.
package dev.varve.sql.catalog;
