"""How well the pack tells people apart, on any folder of people: the table of docs/face.md.

    .venv/bin/python bench/accuracy.py DIR [--pack open] [--jobs 2] [--json]

DIR has a folder per person, or files named as in LFW (`Some_Name_0001.jpg`). One face per picture counts: the one
nearest to its centre. Every same and different pair of all pictures is compared; nothing of the pictures is kept.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hadir.face import Engine, Face, FaceError, Thresholds, Verdict, decide, decode_image, fuse, match

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
BINS = 400_000
"""Cosines from -1 to 1 are counted in steps of 5e-6: 87 million pairs fit into one small table."""
FALSE_MATCH_RATES = (1e-3, 1e-4, 1e-5, 1e-6)
FOLDS = 10
SEED = 7


@dataclass(frozen=True)
class Scene:
    """One way of using the pack at a school's gate, and what it came to (shares of all tries)."""

    people: int
    templates: int
    frames: int
    recognised: float
    wrong: float
    unsure: float
    unknown: float
    strangers_accepted: float
    tries: int
    stranger_tries: int


@dataclass(frozen=True)
class Report:
    """All figures of one run. Rates whose false matches were too few to count are None."""

    pack: str
    images: int
    people: int
    without_face: int
    same_pairs: int
    different_pairs: int
    ten_fold_accuracy: float
    true_match_rate: dict[str, float | None]
    threshold_at: dict[str, float | None]
    rates_at_thresholds: dict[str, tuple[float, float]]
    scenes: list[Scene]


def people_of(folder: Path) -> dict[str, list[Path]]:
    """Pictures by person, both sorted by name."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            plain = path.parent == folder
            name = re.sub(r"[_-]?\d+$", "", path.stem) if plain else str(path.parent.relative_to(folder))
            found.setdefault(name, []).append(path)
    return found


@cache
def _engine(pack: str | None) -> Engine:
    return Engine.load(pack)


def _main_face(faces: Sequence[Face], height: int, width: int) -> Face | None:
    centre = np.array([width, height], np.float32) / 2
    return min(faces, key=lambda face: float(np.hypot(*(face.box.reshape(2, 2).mean(0) - centre))), default=None)


def embedding_of(path: Path, pack: str | None = None) -> Floats | None:
    """The embedding of the face nearest to the centre of a file, None where there is none."""
    try:
        rgb = decode_image(path.read_bytes())
    except FaceError as error:
        sys.stderr.write(f"{path}: {error}\n")
        return None
    face = _main_face(_engine(pack).analyze(rgb), *rgb.shape[:2])
    return None if face is None else face.embedding


def count_pairs(vectors: Floats, people: Counts) -> tuple[Counts, Counts]:
    """Histograms of the cosines of all same and all different pairs."""
    same, different = np.zeros(BINS, np.int64), np.zeros(BINS, np.int64)
    for start in range(0, len(vectors), 512):
        rows = slice(start, start + 512)
        cosines = vectors[rows] @ vectors[start:].T
        later = np.arange(cosines.shape[1])[None] > np.arange(cosines.shape[0])[:, None]
        alike = people[rows, None] == people[None, start:]
        places = np.clip(((cosines + 1) * (BINS / 2)).astype(np.int64), 0, BINS - 1)
        same += np.bincount(places[later & alike], minlength=BINS)
        different += np.bincount(places[later & ~alike], minlength=BINS)
    return same, different


def true_match_rate(same: Counts, different: Counts, false_match_rate: float) -> tuple[float | None, float | None]:
    """Share of same pairs above the line that at most this share of different pairs crosses, and the line."""
    allowed = int(different.sum() * false_match_rate)
    if allowed < 1:
        return None, None
    crossed = np.cumsum(different[::-1])[::-1]
    place = int(np.argmax(crossed <= allowed))
    return float(same[place:].sum() / same.sum()), place * 2 / BINS - 1


def rates_at(same: Counts, different: Counts, line: float) -> tuple[float, float]:
    """(true match rate, false match rate) at a cosine."""
    place = int((line + 1) * (BINS / 2))
    return float(same[place:].sum() / same.sum()), float(different[place:].sum() / different.sum())


def ten_fold_accuracy(vectors: Floats, people: Counts) -> float:
    """Mean accuracy on as many same as different pairs of a tenth of the people; the line comes from the other nine."""
    random = np.random.default_rng(SEED)
    fold_of = random.permutation(int(people.max()) + 1) % FOLDS
    folds = [_balanced_pairs(vectors, people, np.flatnonzero(fold_of[people] == fold), random) for fold in range(FOLDS)]
    lines = np.linspace(-1, 1, 4001)
    results = []
    for number, (alike, unlike) in enumerate(folds):
        rest = [pair for other, pair in enumerate(folds) if other != number]
        right = np.array([np.searchsorted(np.sort(np.concatenate([a for a, _ in rest])), lines)])
        wrong = np.searchsorted(np.sort(np.concatenate([b for _, b in rest])), lines)
        line = lines[int(np.argmax(wrong - right[0]))]
        if len(alike):
            results.append(((alike >= line).mean() + (unlike < line).mean()) / 2)
    return float(np.mean(results))


def _balanced_pairs(
    vectors: Floats, people: Counts, members: Counts, random: np.random.Generator
) -> tuple[Floats, Floats]:
    cosines = vectors[members] @ vectors[members].T
    upper = np.triu_indices(len(members), 1)
    alike = people[members][upper[0]] == people[members][upper[1]]
    scores = cosines[upper]
    count = min(300, int(alike.sum()))
    if not count:
        return np.empty(0, np.float32), np.empty(0, np.float32)
    return random.choice(scores[alike], count, replace=False), random.choice(scores[~alike], count, replace=False)


def scene(
    groups: list[Floats], thresholds: Thresholds, *, people: int, templates: int, frames: int, rounds: int = 20
) -> Scene | None:
    """Try galleries of `people` x `templates` against `frames` other pictures of each person, and against strangers."""
    able = [number for number, group in enumerate(groups) if len(group) >= templates + frames]
    if len(able) < people:
        return None
    random = np.random.default_rng(SEED)
    tally: dict[str, int] = dict.fromkeys([*Verdict, "wrong", "stranger", "tries", "strangers"], 0)
    for _ in range(rounds):
        chosen = random.permutation(able)[:people]
        orders = {int(number): random.permutation(len(groups[number])) for number in chosen}
        gallery = {number: groups[number][order[:templates]] for number, order in orders.items()}
        for number, order in orders.items():
            _judge(tally, groups[number][order[templates : templates + frames]], gallery, thresholds, number)
        others = [number for number in range(len(groups)) if number not in gallery]
        for number in random.permutation(others)[:300]:
            probe = groups[number][:frames]
            found = match(fuse(probe), gallery)
            tally["strangers"] += 1
            tally["stranger"] += decide(found.similarity, found.second, thresholds) == Verdict.RECOGNISED
    tries = max(tally["tries"], 1)
    return Scene(
        people=people,
        templates=templates,
        frames=frames,
        recognised=tally[Verdict.RECOGNISED] / tries,
        wrong=tally["wrong"] / tries,
        unsure=tally[Verdict.UNSURE] / tries,
        unknown=tally[Verdict.UNKNOWN] / tries,
        strangers_accepted=tally["stranger"] / max(tally["strangers"], 1),
        tries=tally["tries"],
        stranger_tries=tally["strangers"],
    )


def _judge(
    tally: dict[str, int], probe: Floats, gallery: dict[int, Floats], thresholds: Thresholds, person: int
) -> None:
    found = match(fuse(probe), gallery)
    verdict: str = decide(found.similarity, found.second, thresholds)
    if verdict == Verdict.RECOGNISED and found.person != person:
        verdict = "wrong"
    tally[verdict] += 1
    tally["tries"] += 1


def scenes(groups: list[Floats], thresholds: Thresholds) -> Iterator[Scene]:
    """The ways worth looking at, as far as the folder has pictures enough."""
    for people in (30, 100):
        for templates, frames in ((1, 1), (3, 1), (3, 2), (4, 1)):
            done = scene(groups, thresholds, people=people, templates=templates, frames=frames)
            if done is not None:
                yield done


def evaluate(folder: Path, pack: str | None, jobs: int) -> Report:
    """Run the engine over the folder and count."""
    named = people_of(folder)
    paths = [path for files in named.values() for path in files]
    labels = np.concatenate([np.full(len(files), number) for number, files in enumerate(named.values())])
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(embedding_of, paths, [pack] * len(paths), chunksize=16))
    seen = np.array([vector is not None for vector in found])
    vectors = np.stack([vector for vector in found if vector is not None])
    people = labels[seen]
    same, different = count_pairs(vectors, people)
    manifest = _engine(pack).manifest
    rates = {f"{rate:g}": true_match_rate(same, different, rate) for rate in FALSE_MATCH_RATES}
    lines = {name: getattr(manifest.thresholds, name) for name in ("accept", "unknown", "duplicate")}
    groups = [vectors[people == number] for number in np.unique(people)]
    return Report(
        pack=manifest.id,
        images=len(paths),
        people=len(named),
        without_face=int((~seen).sum()),
        same_pairs=int(same.sum()),
        different_pairs=int(different.sum()),
        ten_fold_accuracy=ten_fold_accuracy(vectors, people),
        true_match_rate={name: rate for name, (rate, _) in rates.items()},
        threshold_at={name: line for name, (_, line) in rates.items()},
        rates_at_thresholds={name: rates_at(same, different, line) for name, line in lines.items()},
        scenes=list(scenes(groups, manifest.thresholds)),
    )


def print_report(report: Report) -> None:
    """The report as a person reads it."""
    print(
        f"pack {report.pack}: {report.images} pictures of {report.people} people, {report.without_face} without a face"
    )
    print(f"{report.same_pairs} same and {report.different_pairs} different pairs")
    print(f"10-fold accuracy {report.ten_fold_accuracy:.4f}")
    for name, rate in report.true_match_rate.items():
        shown = "too few pairs" if rate is None else f"{rate:.4f} (cosine {report.threshold_at[name]:.4f})"
        print(f"true match rate at false match rate {name}: {shown}")
    for name, (true, false) in report.rates_at_thresholds.items():
        print(f"at `{name}`: true match rate {true:.4f}, false match rate {false:.2e}")
    print("gallery  templates  frames  recognised  wrong   unsure  unknown  strangers accepted")
    for item in report.scenes:
        shares = f"{item.recognised:10.4f}  {item.wrong:.4f}  {item.unsure:.4f}  {item.unknown:7.4f}"
        strangers = f"{item.strangers_accepted:.4f} of {item.stranger_tries}"
        print(f"{item.people:7d}  {item.templates:9d}  {item.frames:6d}  {shares}  {strangers}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--pack", help="a pack by name or folder (default: HADIR_PACK, or open)")
    parser.add_argument("--jobs", type=int, default=1, help="processes, each with one thread (default 1)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    report = evaluate(options.folder, options.pack, options.jobs)
    if options.json:
        print(json.dumps(asdict(report), indent=2))
    else:
        print_report(report)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
