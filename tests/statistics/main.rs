//! Every formula against published figures.
mod alpha;
mod analysts;
mod anything;
mod charts;
mod clusters;
mod comparisons;
mod estimates;
mod plans;
mod quantiles;
mod simulation;
mod vectors;
