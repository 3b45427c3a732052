"""The demo's boards: questions with answers, ideas with votes, announcements that some have read."""

from datetime import datetime, timedelta
from typing import Any

from chat import markdown
from core.search import text_of
from forums import people
from forums.demo_cast import (
    ANSWERED,
    ARTICLE,
    BOARDS,
    CAMILLE,
    DAVIDE,
    FRANCO,
    IRENE,
    LUCA,
    MARTA,
    STEFAN,
    SURVEYS,
    Said,
    Talk,
)
from forums.demo_talks import TALKS
from forums.models import (
    Acknowledgement,
    Answer,
    Article,
    Board,
    BoardSeat,
    Choice,
    Expert,
    Follow,
    Participation,
    Post,
    Question,
    ReadMark,
    Report,
    Survey,
    Tag,
    Topic,
    Vote,
)
from partners.actors import acting


def fill(world: Any) -> None:
    """Boards, topics, votes, marks: the same each time, none of it in the future."""
    boards = {key: _board(world, key) for key in BOARDS}
    topics = {talk.title: _topic(world, boards[talk.board], talk) for talk in TALKS}
    _follow(world, boards)
    _experts(world, boards)
    _unread(world, topics)
    _poll(world, topics["Rags: cutter or vortex?"])
    _surveys(world, boards)
    _article(world, topics["Which seal for glycol at 45 %?"])
    _report(world, topics["Rags: cutter or vortex?"])


def _board(world: Any, key: str) -> Board:
    owner, name, description, audience, invited, icon, held = BOARDS[key]
    board = Board.objects.create(
        organisation=world.orgs[owner],
        name=name,
        description=description,
        audience=audience,
        icon=icon,
        hold_first=held,
        created=world.now - timedelta(days=200),
    )
    BoardSeat.objects.bulk_create(BoardSeat(board=board, organisation=world.orgs[each]) for each in invited)
    world.trail(world.actor(owner, "channel_manager"), "board.made", board, board.created)
    return board


def _topic(world: Any, board: Board, talk: Talk) -> Topic:
    opened = world.now - timedelta(days=talk.days)
    author = world.membership(*talk.posts[0].who)
    topic = Topic.objects.create(
        board=board,
        kind=talk.kind,
        title=talk.title,
        membership=author,
        author=author.user,
        organisation=author.organisation,
        state=talk.state,
        state_reason=talk.reason,
        created=opened,
        pinned_at=opened if talk.pinned else None,
        locked_at=opened if talk.locked else None,
    )
    topic.tags.set([Tag.objects.get_or_create(board=board, name=name)[0] for name in talk.tags])
    when = opened
    posts = []
    for said in talk.posts:
        when += timedelta(hours=said.hours)
        if when < world.now:
            posts.append(_post(world, topic, said, when))
    topic.accepted = posts[talk.accepted - 1] if 0 < talk.accepted <= len(posts) else None
    topic.votes = posts[0].votes.count()
    topic.recount()
    topic.search_text = text_of(topic.title, *talk.tags, talk.posts[0].body)
    topic.save()
    _told(world, topic, posts)
    readers = [world.membership(*who) for who in talk.read_by]
    ReadMark.objects.bulk_create(ReadMark(topic=topic, membership=each, last_seq=topic.last_seq) for each in readers)
    if topic.kind == Topic.Kind.ANNOUNCEMENT:
        Acknowledgement.objects.bulk_create(
            Acknowledgement(topic=topic, membership=each, created=opened + timedelta(hours=4 * number + 1))
            for number, each in enumerate(readers)
        )
    return topic


def _post(world: Any, topic: Topic, said: Said, when: datetime) -> Post:
    author = world.membership(*said.who)
    names = people.names_of(people.mentionable(acting(author, "web"), topic.board)) if "@" in said.body else {}
    topic.last_seq += 1
    post = Post.objects.create(
        topic=topic,
        seq=topic.last_seq,
        membership=author,
        author=author.user,
        organisation=author.organisation,
        body=said.body,
        html=markdown.render(said.body, names),
        search_text=text_of(said.body),
        created=when,
    )
    Vote.objects.bulk_create(Vote(post=post, membership=world.membership(*who), created=when) for who in said.useful)
    Follow.objects.get_or_create(membership=author, topic=topic, defaults={"created": when})
    return post


def _told(world: Any, topic: Topic, posts: list[Post]) -> None:
    """The trail of a topic, as the actions write it."""
    board = topic.board
    announced = topic.kind == Topic.Kind.ANNOUNCEMENT
    author = acting(topic.membership, "web")  # type: ignore[arg-type]
    parties = board.party_ids() if announced else topic.party_ids()
    verb = "topic.announced" if announced else "topic.opened"
    world.trail(author, verb, topic, topic.created, parties, board=str(board), board_id=board.pk, members=[])
    for post in posts[1:]:
        writer = acting(post.membership, "web")  # type: ignore[arg-type]
        known = {*topic.party_ids(), *(each.organisation_id for each in posts if each.pk < post.pk)}
        world.trail(writer, "post.added", topic, post.created, known, post=post.pk, seq=post.seq, members=[])
    best = topic.accepted
    if best is not None:
        data = {"post": best.pk, "seq": best.seq, "who": str(best.author), "member": best.membership_id}
        when = min(best.created + timedelta(hours=3), world.now)
        world.trail(author, "topic.answered", topic, when, {*topic.party_ids(), best.organisation_id}, **data)


def _follow(world: Any, boards: dict[str, Board]) -> None:
    who = {
        "questions": [LUCA, ("brenta", "sales"), ("dolomiti", "sales")],
        "ideas": [LUCA, ("aurora", "administrator"), ("brenta", "sales")],
        "open": [LUCA],
        "valves": [("nordic", "channel_manager"), ("brenta", "sales")],
    }
    Follow.objects.bulk_create(
        Follow(board=boards[key], membership=world.membership(*each), created=world.now - timedelta(days=25))
        for key, members in who.items()
        for each in members
    )


def _experts(world: Any, boards: dict[str, Board]) -> None:
    marks = (
        ("questions", LUCA, "hydraulics"),
        ("questions", ("rhein", "sales"), "seals and materials"),
        ("valves", ("nordic", "support"), "corrosion"),
    )
    for key, who, subject in marks:
        Expert.objects.create(board=boards[key], membership=world.membership(*who), subject=subject)


def _unread(world: Any, topics: dict[str, Topic]) -> None:
    """Marta has read the talk about vibrations up to its second post."""
    topic = topics["Vibration after an exchange of the coupling"]
    me = world.membership("brenta", "sales")
    Follow.objects.get_or_create(topic=topic, membership=me)
    ReadMark.objects.update_or_create(topic=topic, membership=me, defaults={"last_seq": 2})


def _poll(world: Any, topic: Topic) -> None:
    """A poll with names beside a topic, answered by some."""
    survey = Survey.objects.create(
        board=topic.board,
        topic=topic,
        title=topic.title,
        state=Survey.State.OPEN,
        author=topic.author,
        created=topic.created,
        opened_at=topic.created,
        closes_at=world.now + timedelta(days=9),
    )
    question = Question.objects.create(survey=survey, position=1, text="What do you fit below 4 kW?")
    cutter, vortex, both = (
        Choice.objects.create(question=question, position=at, text=text)
        for at, text in enumerate(("A cutter", "A vortex wheel", "It depends on the site"))
    )
    votes = {MARTA: vortex, STEFAN: vortex, CAMILLE: both, IRENE: vortex, FRANCO: cutter}
    for who, choice in votes.items():
        me = world.membership(*who)
        Answer.objects.create(question=question, membership=me, choice=choice)
        Participation.objects.create(survey=survey, membership=me)


def _surveys(world: Any, boards: dict[str, Board]) -> None:
    """One that is closed, anonymous, with results; one that is open."""
    for closed in (True, False):
        asked = SURVEYS["closed" if closed else "open"]
        opened = world.now - timedelta(days=50 if closed else 4)
        survey = Survey.objects.create(
            board=boards["questions" if closed else "ideas"],
            title=asked["title"],
            intro=asked["intro"],
            anonymous=True,
            state=Survey.State.CLOSED if closed else Survey.State.OPEN,
            author=world.person("aurora", "channel_manager"),
            created=opened,
            opened_at=opened,
            closes_at=world.now + timedelta(days=-20 if closed else 12),
            closed_at=world.now - timedelta(days=20) if closed else None,
        )
        _questions(survey, asked)
        readers = ANSWERED if closed else ANSWERED[:4]
        Participation.objects.bulk_create(
            Participation(survey=survey, membership=world.membership(*who)) for who in readers
        )
        actor = world.actor("aurora", "channel_manager")
        world.trail(actor, "survey.opened", survey, opened, survey.board.party_ids())


def _questions(survey: Survey, asked: dict[str, Any]) -> None:
    for position, (text, kind, choices, words) in enumerate(asked["questions"], start=1):
        question = Question.objects.create(
            survey=survey, position=position, text=text, kind=kind, texts=list(words), required=kind != "text"
        )
        Choice.objects.bulk_create(
            Choice(question=question, position=at, text=choice, tally=tally)
            for at, (choice, tally) in enumerate(choices)
        )


def _article(world: Any, topic: Topic) -> None:
    """What the talk about seals settled, as an article."""
    article = Article.objects.create(
        board=topic.board,
        topic=topic,
        title="Seals for glycol above 30 %",
        body=ARTICLE,
        html=markdown.render(ARTICLE),
        state=Article.State.PUBLISHED,
        author=world.person("aurora", "channel_manager"),
        created=world.now - timedelta(days=10),
        updated=world.now - timedelta(days=10),
        published_at=world.now - timedelta(days=10),
        search_text=text_of("Seals for glycol above 30 %", ARTICLE),
    )
    world.trail(world.actor("aurora", "channel_manager"), "article.published", article, world.now - timedelta(days=10))


def _report(world: Any, topic: Topic) -> None:
    """A report that waits for the moderators."""
    post = topic.posts.filter(author=world.person(*CAMILLE)).first()
    if post is not None:
        me = world.membership(*DAVIDE)
        note = "Reverse runs harm some couplings. Should that stand here without a word of warning?"
        Report.objects.create(post=post, membership=me, why="other", note=note, created=world.now - timedelta(hours=5))
