"""The product's settings with the app of the kill tests."""

from mentoring.settings import *  # noqa: F403
from mentoring.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.races.plant.apps.PlantConfig"]
