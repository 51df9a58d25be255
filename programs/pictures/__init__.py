"""Pictures of a program: its structure and its year. Scenes are plain data, drawn as SVG."""

from programs.pictures.drawing import structure_picture
from programs.pictures.plan import Plan
from programs.pictures.structure import Scene, scene
from programs.pictures.timeline import year_picture
from programs.pictures.words import structure_words
from programs.pictures.year import YearScene, year_scene

__all__ = [
    "Plan",
    "Scene",
    "YearScene",
    "scene",
    "structure_picture",
    "structure_words",
    "year_picture",
    "year_scene",
]
