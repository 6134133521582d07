"""What the services of enrolment answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from hadir.enrolment.gate import Reason
from hadir.enrolment.models import DuplicateReview, EnrolmentState, Template


@dataclass(frozen=True, slots=True)
class ImageResult:
    """What became of one picture. `quality` has the engine's measures of the main face, empty when there is none."""

    accepted: bool
    template: Template | None
    reasons: Sequence[Reason]
    quality: dict[str, float]
    templates: int


@dataclass(frozen=True, slots=True)
class FinishResult:
    """How an enrolment ended: active, or held with the reviews that a person must decide (nearest first)."""

    state: EnrolmentState
    templates: int
    reviews: Sequence[DuplicateReview] = ()


@dataclass(frozen=True, slots=True)
class ImagesResult:
    """What `enrol_images` did: one result per picture; `finish` is None when no picture was good enough."""

    images: Sequence[ImageResult]
    finish: FinishResult | None
