"""The pages of matching."""

from django.urls import path

from matching.views import (
    board,
    choosing,
    groups,
    mentorships,
    requests,
    rounds,
    rules,
    runs,
    stand_ins,
    starting,
    trials,
    trying,
    undoing,
    why_not,
    wishes,
    years,
)

app_name = "matching"

cohort = "cohorts/<slug:cohort>/"
place = f"{cohort}my-mentor/<slug:place>/"
urlpatterns = [
    # Students choose
    path(place, choosing.choose, name="choose"),
    path(f"{place}ask/<slug:mentor>/", choosing.ask, name="ask"),
    path(f"{place}requests/<slug:row>/withdraw/", choosing.withdraw, name="withdraw_request"),
    path(f"{place}requests/<slug:row>/up/", choosing.move_up, name="request_up"),
    path(f"{place}let-look/", choosing.let_look, name="let_look"),
    # Mentors answer
    path(f"{cohort}my-requests/<slug:place>/", requests.mine, name="requests"),
    path(f"{cohort}my-requests/<slug:place>/pause/", requests.pause, name="pause_requests"),
    path(f"{cohort}my-list/<slug:place>/", wishes.change, name="change_wishes"),
    path(f"{cohort}my-ranking/<slug:place>/", wishes.rank, name="rank_students"),
    path("requests/<slug:key>/", requests.one, name="request"),
    path("requests/<slug:key>/answer/", requests.answer, name="answer_request"),
    # Trials
    path(f"{cohort}matching/trial/", trials.trial, name="trial"),
    path(f"{cohort}matching/trial/draw/", trials.draw, name="draw_trial"),
    path(f"{cohort}matching/trial/close/", trials.close, name="close_trial"),
    path(f"{cohort}matching/trial/report/", trials.report, name="trial_report"),
    path(f"{cohort}matching/trial/exclude/", trials.exclude, name="trial_exclude"),
    path(f"{cohort}my-trial/<slug:place>/", trials.mine, name="my_trial"),
    # Rounds, for coordinators
    path(f"{cohort}matching/choosing/", rounds.choosing, name="choosing"),
    path(f"{cohort}matching/choosing/mentors/", rounds.mentors_turn, name="mentors_turn"),
    path(f"{cohort}matching/choosing/close/", rounds.close, name="close_choosing"),
    # Runs
    path(f"{cohort}matching/", starting.overview, name="overview"),
    path(f"{cohort}matching/start/", starting.start, name="start"),
    path(f"{cohort}matching/runs/<slug:run>/", runs.review, name="run"),
    path(f"{cohort}matching/runs/<slug:run>/again/", starting.again, name="again"),
    path(
        f"{cohort}matching/runs/<slug:run>/why-not/<slug:student>/", why_not.why_not, name="why_not"
    ),
    path(f"{cohort}matching/runs/<slug:run>/try/", trying.try_run, name="try_run"),
    path(f"{cohort}matching/runs/<slug:run>/try/start/", trying.start_like, name="start_like"),
    path(f"{cohort}matching/runs/<slug:run>/publish/", runs.publish, name="publish"),
    path(f"{cohort}matching/runs/<slug:run>/undo/", undoing.undo, name="undo"),
    path(f"{cohort}matching/runs/<slug:run>/leave-out/", undoing.leave_out, name="leave_out"),
    # The expert's board
    path(f"{cohort}matching/board/open/", board.open_board, name="open_board"),
    path(f"{cohort}matching/board/<slug:run>/", board.board, name="board"),
    path(f"{cohort}matching/board/<slug:run>/place/", board.place, name="board_place"),
    path(f"{cohort}matching/notes/<slug:place>/", board.add_note, name="add_note"),
    path(
        f"{cohort}matching/notes/<slug:place>/<slug:note>/remove/",
        board.remove_note,
        name="remove_note",
    ),
    # Rules about pairs
    path(f"{cohort}matching/rules/", rules.rules, name="rules"),
    path(f"{cohort}matching/rules/add/", rules.add, name="add_rule"),
    path(f"{cohort}matching/rules/<slug:rule>/remove/", rules.remove, name="remove_rule"),
    # By hand
    path(f"{cohort}matching/unmatched/", mentorships.unmatched, name="unmatched"),
    path(f"{cohort}matching/unmatched/<slug:student>/", mentorships.assign, name="assign"),
    path(f"{cohort}matching/mentors/<slug:mentor>/place/", mentorships.add_place, name="add_place"),
    path(f"{cohort}mentorships/", mentorships.mentorships, name="mentorships"),
    path(f"{cohort}mentorships/seats/", years.to_fill, name="seats"),
    path(f"{cohort}next-year/groups/", years.next_year, name="next_year"),
    # Stand-ins
    path(f"{cohort}away/<slug:absence>/", stand_ins.away, name="away"),
    path("mentorships/<slug:key>/stand-in/", stand_ins.stand_in, name="stand_in"),
    path(
        "mentorships/<slug:key>/stand-in/<slug:stand_in>/end/",
        stand_ins.end,
        name="end_stand_in",
    ),
    # One mentorship
    path("mentorships/<slug:key>/manage/", mentorships.manage, name="manage"),
    path("mentorships/<slug:key>/name/", groups.rename, name="rename"),
    path("mentorships/<slug:key>/leaders/", groups.add_leader, name="add_leader"),
    path("mentorships/<slug:key>/leaders/<slug:leader>/end/", groups.end_leader, name="end_leader"),
    path("mentorships/<slug:key>/end/", mentorships.end, name="end"),
    path("mentorships/<slug:key>/move/<slug:student>/", mentorships.move, name="move"),
]
