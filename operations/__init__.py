"""What people do at the centre: the only code that writes its data.

One public function is one transaction and leaves one audit record. Writes and queries alike take the actor and
the time; both refuse what the actor's role may not do, citing the article behind the refusal.
"""
