"""Boards, topics, posts, what members mark, moderation, surveys, articles."""

from forums.models.articles import Article
from forums.models.boards import Board, BoardSeat, Expert, Tag
from forums.models.marks import Acknowledgement, Follow, PostDraft, ReadMark
from forums.models.moderation import ModerationEntry, Report
from forums.models.posts import Post, PostFile, PostRevision, Vote
from forums.models.surveys import FEWEST, Answer, Choice, Participation, Question, Survey
from forums.models.topics import PAGE, Topic

__all__ = [
    "FEWEST",
    "PAGE",
    "Acknowledgement",
    "Answer",
    "Article",
    "Board",
    "BoardSeat",
    "Choice",
    "Expert",
    "Follow",
    "ModerationEntry",
    "Participation",
    "Post",
    "PostDraft",
    "PostFile",
    "PostRevision",
    "Question",
    "ReadMark",
    "Report",
    "Survey",
    "Tag",
    "Topic",
    "Vote",
]
