"""What the kinds and moments of a program document are called."""

from django.utils.translation import gettext_lazy

REQUIREMENTS = {
    "training": gettext_lazy("Training"),
    "orientation": gettext_lazy("Orientation"),
    "supervision": gettext_lazy("Supervision"),
    "diary": gettext_lazy("Diary"),
    "reflection": gettext_lazy("Reflection"),
    "portfolio": gettext_lazy("Portfolio"),
    "attendance": gettext_lazy("Attendance"),
    "agreement": gettext_lazy("Agreement"),
    "needs_survey": gettext_lazy("Needs survey"),
    "handbook": gettext_lazy("Handbook"),
    "documentation": gettext_lazy("Documentation"),
    "prepared_tasks": gettext_lazy("Prepared tasks"),
}
INCENTIVES = {
    "credits": gettext_lazy("credits"),
    "title": gettext_lazy("a title"),
    "certificate": gettext_lazy("a certificate"),
    "payment": gettext_lazy("payment"),
    "portfolio": gettext_lazy("a portfolio entry"),
    "elective": gettext_lazy("an elective"),
}
# In what the students of one group are meant to be the same.
LIKENESS = {
    "class_year": gettext_lazy("class year"),
    "campus": gettext_lazy("campus"),
    "track": gettext_lazy("degree program"),
}
ATTRIBUTES = {**LIKENESS, "gender": gettext_lazy("gender")}
MOMENTS = {
    "before": gettext_lazy("before it begins"),
    "start": gettext_lazy("at the start"),
    "middle": gettext_lazy("in the middle"),
    "term_end": gettext_lazy("at the end of each term"),
    "year_end": gettext_lazy("at the end of the year"),
    "end": gettext_lazy("at the end"),
    "after_end": gettext_lazy("after the end"),
    "after_training": gettext_lazy("after the training"),
}
PARTS = {
    "duration": gettext_lazy("length"),
    "example": gettext_lazy("number of people"),
    "enrollment": gettext_lazy("who takes part"),
    "containers": gettext_lazy("groups"),
    "shapes": gettext_lazy("groups"),
    "second_mentor": gettext_lazy("groups"),
    "tracks": gettext_lazy("degree programs"),
    "phases": gettext_lazy("phases"),
    "cadence": gettext_lazy("rhythm"),
    "requirements": gettext_lazy("requirements"),
    "matching": gettext_lazy("matching"),
    "confidentiality": gettext_lazy("confidentiality"),
    "monitoring": gettext_lazy("monitoring"),
    "incentives": gettext_lazy("rewards"),
    "evaluation": gettext_lazy("surveys"),
    "at_risk": gettext_lazy("extra support"),
    "year": gettext_lazy("dates"),
}
"""What each part of a document is about."""
