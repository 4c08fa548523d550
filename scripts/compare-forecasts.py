#!/usr/bin/env python3
"""Presage's forecasts beside those of statsforecast, from the same origins.

    pip install statsforecast
    scripts/compare-forecasts.py PRESAGE HISTORY.csv --horizon 12 --origins 27 30 33 [--sparse 0.9]

PRESAGE is the binary, HISTORY a table as `presage forecast demand` reads it.
Prints one table a call: the pinball loss at .95 and .99 over the demand, of
single periods and of the sum of all periods ahead, mean over the origins.
"""
import argparse
import csv
import subprocess
import tempfile

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import ADIDA, IMAPA, TSB, CrostonSBA
from statsforecast.utils import ConformalIntervals

LEVELS = (0.95, 0.99)


def read(name, ignore):
    with open(name, newline="") as f:
        rows = list(csv.reader(f))
    keep = [i for i, head in enumerate(rows[0]) if i and head not in ignore]
    return [r[0] for r in rows[1:]], np.array([[float(r[i]) if r[i] else np.nan for i in keep] for r in rows[1:]])


def presage(binary, ids, past, horizon, sums, season, method):
    """The quantiles of each series and period: an array (series, periods, levels)."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as f:
        w = csv.writer(f)
        w.writerow(["id"] + [f"p{i:03d}" for i in range(past.shape[1])])
        for name, row in zip(ids, past):
            w.writerow([name] + ["" if np.isnan(y) else f"{y:g}" for y in row])
        f.flush()
        command = [binary, "forecast", "demand", "--history", f.name, "--horizon", str(horizon), "--method", method,
                   "--season", str(season), "--quantiles", ",".join(map(str, LEVELS))]
        out = subprocess.run(command + ["--cumulative"] * sums, check=True, capture_output=True, text=True).stdout
    rows = list(csv.reader(out.splitlines()))[1:]
    return np.array([[float(x) for x in r[3:]] for r in rows]).reshape(len(ids), horizon, len(LEVELS))


def conformal(past, horizon, sums):
    """The upper quantiles by statsforecast's conformal intervals, of blocks of the horizon where sums are asked for."""
    values = np.nan_to_num(past)
    if sums:  # the sum is forecast as one step of blocks
        blocks = values.shape[1] // horizon
        values = values[:, values.shape[1] - blocks * horizon:].reshape(len(values), blocks, horizon).sum(axis=2)
        horizon = 1
    windows = min(10, (values.shape[1] - 2) // horizon)
    if windows < 2:  # the least that conformal intervals take
        return {}
    n, periods = values.shape
    frame = pd.DataFrame({"unique_id": np.repeat(np.arange(n), periods), "ds": np.tile(np.arange(periods), n),
                          "y": values.ravel()})
    intervals = ConformalIntervals(h=horizon, n_windows=windows)
    models = [TSB(0.1, 0.1, prediction_intervals=intervals), CrostonSBA(prediction_intervals=intervals),
              ADIDA(prediction_intervals=intervals), IMAPA(prediction_intervals=intervals)]
    # The upper end of a band of 1 - 2 (1 - q) is the quantile q.
    bands = [round(100 * (2 * q - 1)) for q in LEVELS]
    out = StatsForecast(models=models, freq=1, n_jobs=2).forecast(df=frame, h=horizon, level=bands)
    out = out.sort_values(["unique_id", "ds"])
    names = [c for c in out.columns if c not in ("unique_id", "ds") and "-lo-" not in c and "-hi-" not in c]
    return {f"statsforecast {name}, conformal": np.stack(
        [out[f"{name}-hi-{b}"].to_numpy().reshape(n, horizon) for b in bands], axis=2).clip(0) for name in names}


def losses(quantiles, y):
    known = ~np.isnan(y)
    miss = y[known][:, None] - quantiles[known]
    q = np.array(LEVELS)
    return 2 * np.maximum(q * miss, (q - 1) * miss).sum(axis=0) / y[known].sum()


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("presage")
    a.add_argument("history")
    a.add_argument("--horizon", type=int, default=12)
    a.add_argument("--origins", type=int, nargs="+", required=True)
    a.add_argument("--season", type=int, default=12)
    a.add_argument("--ignore", nargs="*", default=[])
    a.add_argument("--sparse", type=float, default=0, help="judge series with at least this share of zeros, "
                   "before the first origin; 0 for all")
    a.add_argument("--methods", nargs="*", default=["auto", "filter", "tsb", "adida", "imapa"])
    a = a.parse_args()
    ids, all_values = read(a.history, a.ignore)
    first = all_values[:, :a.origins[0]]
    zeros = np.nanmean(first == 0, axis=1)
    judged = (zeros >= a.sparse) & (np.nansum(first, axis=1) > 0) & ~np.isnan(first).any(axis=1)
    table = {}
    for at in a.origins:
        past, future = all_values[:, :at], all_values[:, at:at + a.horizon]
        last = future.shape[1]
        for sums in (False, True):
            y = future.sum(axis=1, keepdims=True) if sums else future
            said = {f"presage {m}": presage(a.presage, ids, past, last, sums, a.season, m) for m in a.methods}
            if sums:
                said = {name: q[:, -1:] for name, q in said.items()}
            said |= conformal(past, last, sums)
            for name, q in said.items():
                table.setdefault(name, {}).setdefault(sums, []).append(losses(q[judged], y[judged]))
    print(f"{judged.sum()} series, origins {a.origins}, {np.nanmean(all_values[judged] == 0):.1%} zeros\n")
    print("| method | .95, periods | .99, periods | .95, sum | .99, sum |\n|---|---|---|---|---|")
    for name, by in table.items():
        cells = [f"{x:.3f}" for sums in (False, True) for x in
                 (np.mean(by[sums], axis=0) if len(by.get(sums, [])) == len(a.origins) else [np.nan] * len(LEVELS))]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
