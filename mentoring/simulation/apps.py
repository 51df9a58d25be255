from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "mentoring.simulation"
    label = "simulation"
